using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>Objects to every command of the scheduler that does not fit the books, and enters those that do.</summary>
internal sealed class CommandAudit(Books books, VirtualClock clock)
{
    private ulong _lastChunk;

    /// <summary>The coordinator starts again, and numbers its chunks anew.</summary>
    public void Restart() => _lastChunk = 0;

    public void Check(in SchedulerCommand command)
    {
        JobBook job = books.Jobs[command.Job];
        books.Seen.Add(command.Kind);
        switch (command.Kind)
        {
            case CommandKind.Dispatch or CommandKind.Adopt:
                CheckDispatch(command, job);
                break;
            case CommandKind.CancelChunk:
                CheckCancel(command, job);
                break;
            case CommandKind.FailItem:
                CheckFailure(command, job);
                break;
            case CommandKind.CancelItems:
                for (ulong i = command.Items.First; i < command.Items.End; i++)
                {
                    Require.That(job.Items[i].CancelRequested, $"item {i} cancelled though nobody asked");
                    job.Answer(i, null);
                }

                break;
            case CommandKind.ItemsStarted:
                Require.That(books.Nodes.ContainsKey(command.Node) && !job.HasEnded, "started on a lost node or for an ended job");
                break;
            case CommandKind.JobEnded:
                CheckEnd(command.Outcome, job);
                break;
            case CommandKind.JobReleased:
                Require.That(job.HasEnded && !job.IsReleased && !books.Chunks.Values.Any(c => c.Job == job), "released too early or twice");
                job.IsReleased = true;
                break;
            case CommandKind.JobWaiting:
                Require.That(!job.HasEnded, "an ended job waits");
                break;
            default:
                throw new SimulationFailedException($"unknown command {command}");
        }
    }

    private void CheckDispatch(in SchedulerCommand command, JobBook job)
    {
        Require.That(books.Nodes.TryGetValue(command.Node, out NodeBook? node), "dispatched to a node that is not there");
        Require.That(!job.HasEnded, "dispatched for a job that is over");
        if (command.Kind == CommandKind.Adopt)
        {
            Require.That(!node!.IsDraining && books.Brought.Contains((command.Node, command.Job, command.Items.First)), $"{command.Items} left to {node.Terms.Name}, which does not have it");
        }
        else
        {
            Require.That(node!.TakesWork, $"dispatched to a node that is {(node.IsDraining ? "to leave" : "suspect")}");
            Require.That(node.HasRoom, $"{node.Terms.Name} has {node.Chunks} chunks already, all of its credit");
            Require.That(!job.IsBlocked, "dispatched for a job that is blocked");
        }

        Require.That(command.Chunk.Value > _lastChunk, "chunk number used twice");
        Require.That(command.Items.Count > 0 && command.Items.End <= job.Received, "dispatched items that nobody sent");
        Require.That(!command.Alone || command.Items.Count == 1, "a worker for itself asked for by several items");
        Require.That(job.Plan.Terms.ChunkSize is not int size || command.Items.Count <= (ulong)size, "chunk larger than asked for");
        _lastChunk = command.Chunk.Value;
        ChunkBook chunk = new(command.Chunk, node, job, command.Items, command.Alone, clock.Now);
        books.Chunks.Add(chunk.Id, chunk);
        node.Change(+1);
        for (ulong i = command.Items.First; i < command.Items.End; i++)
        {
            ref ItemBook item = ref job.Items[i];
            bool isCopy = item.Chunk is not null;
            Require.That(!item.IsAnswered, $"item {i} dispatched though it is answered");
            Require.That(!isCopy || MayCopy(item, job, command), $"item {i} dispatched though it is out");
            Require.That(!item.IsWithdrawn, $"item {i} dispatched though it is withdrawn");
            string? blame = Blame.Forbids(item, command, job.Plan.Terms);
            Require.That(blame is null, $"item {i} dispatched {blame}");
            Require.That(command.Attempt >= item.Attempt && command.Attempt <= item.Attempt + 1, $"attempt {command.Attempt} after {item.Attempt}");
            Require.That(command.Kind == CommandKind.Adopt || job.Accepts(node, i), $"item {i} may not run on {node.Terms.Name}");
            chunk.WasCopied |= isCopy;
            (item.Chunk, item.Copy) = isCopy ? (item.Chunk, chunk) : (chunk, null);
            item.Attempt = command.Attempt;
            job.Held += isCopy ? 0UL : 1;
        }
    }

    private void CheckFailure(in SchedulerCommand command, JobBook job)
    {
        books.Seen.Add(command.Failure);
        ref ItemBook item = ref job.Items[command.Items.First];
        string? unjust = Blame.Acquits(item, command.Failure, job.Plan.Terms);
        Require.That(unjust is null, $"item {command.Items.First} failed ({command.Failure}) {unjust}");
        Require.That(command.Failure != FailureReason.NodeLost || books.Lost.Contains(command.Node), "failed with its node, which has not been lost");
        if (command.Failure == FailureReason.WorkerLost && item.Kills == InfrastructureBudget.MaxKills)
        {
            books.Seen.Add(Occurrence.KilledTooOften);
        }

        Require.That(command.Failure != FailureReason.CodeUnavailable || job.Plan.UnloadableOn.Contains(books.Nodes[command.Node].Terms.Name), "the node has the code");

        // What was handed out and came back before a worker had begun it was no attempt.
        bool waited = command.Failure is FailureReason.NoNodes or FailureReason.NodeLost && command.Attempt + 1 == item.Attempt;
        Require.That(command.Attempt == item.Attempt || waited, $"attempts reported: {command.Attempt}, seen: {item.Attempt}");
        job.Answer(command.Items.First, null);
    }

    private void CheckCancel(in SchedulerCommand command, JobBook job)
    {
        ChunkBook chunk = books.Live(command.Chunk);
        books.Seen.Add(command.Mode);
        Require.That(chunk.Node.Id == command.Node && chunk.Job == job, $"{chunk.Id} cancelled at the wrong place");
        Require.That(command.Mode > chunk.Asked, $"{chunk.Id} cancelled {command.Mode} after {chunk.Asked}");
        Require.That(command.Mode != CancelMode.Soft || chunk.Innocent == 0, $"{chunk.Id} asked to stop with {chunk.Innocent} items in it that nobody has withdrawn");
        if (command.Mode == CancelMode.UnlessBegun)
        {
            string? wrong = chunk.Innocent == chunk.Left ? books.Recalls.Check(chunk, books.Nodes.Values) : null;
            Require.That(wrong is null, wrong ?? "");
            books.Recalls.Add(chunk);
        }

        chunk.Asked = command.Mode;
        if (command.Mode == CancelMode.Force && chunk.Job.Items[chunk.Items.First].Copy == chunk)
        {
            // It has lost, or one copy is too many: what it holds is left to the other.
            chunk.Job.LetGo(chunk);
        }
    }

    private void CheckEnd(JobOutcome outcome, JobBook job)
    {
        Require.That(!job.HasEnded, "ended twice");
        job.HasEnded = true;
        books.Seen.Add(outcome);
        Require.That(outcome != JobOutcome.CodeFailed || job.Plan.IsCodeBroken || IsBarredEverywhere(job), "code failed though it is sound, and nodes are left that may load it");
        Require.That(outcome != JobOutcome.Completed || (job.InputsEnded && job.Answered == job.Received && job.Received == job.Plan.Count), "completed with items unanswered");
        Require.That(outcome != JobOutcome.StoppedByFailure || job.Plan.Terms.StopOnError, "stopped by a failure that it collects");
        Require.That(
            outcome != JobOutcome.NoNodes
            || (!books.Nodes.Values.Any(node => !node.IsDraining && job.Wants(node.Terms)) && clock.Now - job.LastNodeAt >= job.Plan.Terms.NoNodesTimeout),
            "gave up too early on nodes");
    }

    private bool IsBarredEverywhere(JobBook job) => job.Barred.Overlaps(books.Nodes.Keys) && !books.Nodes.Values.Any(node => !node.IsDraining && job.Accepts(node));

    private bool MayCopy(in ItemBook item, JobBook job, in SchedulerCommand command)
    {
        ChunkBook chunk = item.Chunk!;
        if (command.Kind == CommandKind.Adopt)
        {
            bool isSole = item.Copy is null && chunk.Items == command.Items && chunk.Node.Id != command.Node;
            chunk.WasCopied = true;
            return isSole;
        }

        bool isAway = IsAtLeast(chunk.Node.AwayFor, Speculation.AwaySeconds);
        books.Seen.Add(isAway ? Occurrence.CopyOfAway : Occurrence.Copy);
        chunk.WasCopied = true;
        return job.Plan.Terms.PinnedNodes is null && item.Copy is null && chunk.Items.Intersect(command.Items) == command.Items
            && (isAway || (job.Plan.Terms.Speculate && IsAtLeast(clock.Now - chunk.SentAt, Speculation.MinSeconds)));
    }

    // Timestamps are rounded.
    private static bool IsAtLeast(TimeSpan time, double seconds) => time >= TimeSpan.FromSeconds(seconds) - TimeSpan.FromMicroseconds(1);
}
