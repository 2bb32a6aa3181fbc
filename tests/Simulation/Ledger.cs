using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>Keeps its own books of jobs, items and chunks, item by item, and objects to every command and answer that does not fit.</summary>
internal sealed class Ledger(VirtualClock clock)
{
    private readonly Dictionary<JobId, JobBook> _jobs = [];
    private readonly Dictionary<ChunkId, ChunkBook> _chunks = [];
    private readonly Dictionary<NodeId, NodeBook> _nodes = [];
    private readonly RecallBook _recalls = new(clock);
    private ulong _lastChunk;

    public long Dispatches { get; private set; }

    /// <summary>What has happened at least once: kinds of commands, ends of jobs and reasons of failures.</summary>
    public HashSet<Enum> Seen { get; } = [];

    public IEnumerable<JobBook> Jobs => _jobs.Values;

    public int ChunksOut => _chunks.Count;

    public void NodeAttaches(NodeId id, NodeTerms terms) => _nodes.Add(id, new NodeBook(id, terms, clock));

    public void NodeTrust(NodeId id, bool isTrusted)
    {
        if (_nodes.TryGetValue(id, out NodeBook? node))
        {
            node.Trust(isTrusted);
        }
    }

    /// <summary>A node is to leave.</summary>
    public void NodeDrains(NodeId id)
    {
        if (_nodes.TryGetValue(id, out NodeBook? node) && !node.IsDraining)
        {
            node.Drain();
            NoteAbsence(node);
            Seen.Add(Occurrence.Drain);
        }
    }

    /// <summary>A node has left by itself: nobody is charged.</summary>
    public void NodeLeaves(NodeId id)
    {
        NodeDrains(id);
        if (_nodes.Remove(id, out NodeBook? node))
        {
            CloseAll(node);
        }
    }

    /// <summary>The coordinator starts again, and knows nothing.</summary>
    /// <returns>The jobs that it forgot.</returns>
    public List<JobBook> Restart()
    {
        List<JobBook> forgotten = [.. _jobs.Values.Where(job => !job.HasEnded)];
        foreach (ChunkBook chunk in _chunks.Values.ToArray())
        {
            Close(chunk);
        }

        _nodes.Clear();
        _lastChunk = 0;
        foreach (JobBook job in _jobs.Values)
        {
            job.HasEnded = job.IsReleased = true;
        }

        Seen.Add(Occurrence.Restart);
        return forgotten;
    }

    /// <summary>The client has answers of items already.</summary>
    public void InputsSkipped(JobId id, ItemRange items)
    {
        JobBook job = _jobs[id];
        job.Received += items.Count;
        for (ulong i = items.First; i < items.End; i++)
        {
            job.Answer(i, null);
        }

        Seen.Add(Occurrence.Skip);
    }

    public void NodeGoes(NodeId id)
    {
        if (!_nodes.Remove(id, out NodeBook? node))
        {
            return;
        }

        if (!node.IsDraining)
        {
            NoteAbsence(node);
        }

        foreach (ChunkBook chunk in _chunks.Values.Where(chunk => chunk.Node == node))
        {
            for (ulong i = chunk.Items.First; i < chunk.Items.End; i++)
            {
                ref ItemBook item = ref chunk.Job.Items[i];
                item.IsChargeOpen |= item.Chunk?.Node == node && item.Copy?.Node == node;
                bool isCharged = chunk.IsStarted && !item.IsAnswered && item.Copy is null && item.Chunk == chunk;
                item.NodeLosses += isCharged ? (byte)1 : (byte)0;
            }
        }

        CloseAll(node);
    }

    private void NoteAbsence(NodeBook node)
    {
        foreach (JobBook job in _jobs.Values.Where(job => job.Accepts(node)))
        {
            job.LastNodeAt = clock.Now;
        }
    }

    private void CloseAll(NodeBook node)
    {
        foreach (ChunkBook chunk in _chunks.Values.Where(chunk => chunk.Node == node).ToArray())
        {
            Close(chunk);
        }
    }

    public void JobOpens(JobId id, JobPlan plan) => _jobs.Add(id, new JobBook(id, plan, clock.Now));

    public bool IsOpen(JobId id) => !_jobs[id].HasEnded;

    public ulong Unanswered(JobId id) => _jobs[id].Received - _jobs[id].Answered;

    public void InputsCome(JobId id, ItemRange items) => _jobs[id].Received += items.Count;

    public void InputsEnd(JobId id) => _jobs[id].InputsEnded = true;

    public void OutputBlocks(JobId id, bool isBlocked) => _jobs[id].IsBlocked = isBlocked;

    public void CancelRequested(JobId id, ItemRange items)
    {
        JobBook job = _jobs[id];
        for (ulong i = items.First; i < items.End; i++)
        {
            ref ItemBook item = ref job.Items[i];
            item.CancelRequested = true;
            if (i < job.Received && !item.IsAnswered && !item.IsWithdrawn)
            {
                item.IsWithdrawn = true;
                item.ForEachHolder(static chunk => chunk.Innocent--);
            }
        }
    }

    public void Accept(ChunkId id, IReadOnlyList<ItemRange> accepted)
    {
        foreach (ItemRange range in accepted)
        {
            ChunkBook chunk = Live(id);
            for (ulong i = range.First; i < range.End; i++)
            {
                Require(i >= chunk.Items.First && i < chunk.Items.End, $"{chunk.Id} answered item {i} of another chunk");
                chunk.Job.Answer(i, chunk);
            }
        }
    }

    /// <summary>A node reports that a worker has a chunk.</summary>
    public void ChunkStarts(ChunkId id)
    {
        if (_chunks.TryGetValue(id, out ChunkBook? chunk))
        {
            chunk.IsStarted = true;
            _recalls.Remove(chunk);
        }
    }

    /// <summary>A node reports a chunk's end. Dead and repeated chunks are none of the scheduler's business.</summary>
    public void ChunkEnds(ChunkId id, ChunkOutcome outcome)
    {
        if (!_chunks.TryGetValue(id, out ChunkBook? chunk))
        {
            return;
        }

        bool hasCopy = chunk.Job.Items[chunk.Items.First].Copy is not null;
        if (chunk.Items.Count == 1 && chunk.Asked != CancelMode.Force && !hasCopy)
        {
            ref ItemBook item = ref chunk.Job.Items[chunk.Items.First];
            item.Losses += outcome == ChunkOutcome.WorkerLost ? (byte)1 : (byte)0;
            item.MemoryKills += outcome == ChunkOutcome.OutOfMemory ? (byte)1 : (byte)0;
        }

        if (outcome == ChunkOutcome.CodeUnavailable && chunk.Job.Plan.Terms.PinnedNodes is null)
        {
            chunk.Job.Barred.Add(chunk.Node.Id);
        }

        Close(chunk);
    }

    public void Check(in SchedulerCommand command)
    {
        JobBook job = _jobs[command.Job];
        Seen.Add(command.Kind);
        switch (command.Kind)
        {
            case CommandKind.Dispatch:
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
                    Require(job.Items[i].CancelRequested, $"item {i} cancelled though nobody asked");
                    job.Answer(i, null);
                }

                break;
            case CommandKind.ItemsStarted:
                Require(_nodes.ContainsKey(command.Node) && !job.HasEnded, "started on a lost node or for an ended job");
                break;
            case CommandKind.JobEnded:
                CheckEnd(command.Outcome, job);
                break;
            case CommandKind.JobReleased:
                Require(job.HasEnded && !job.IsReleased && !_chunks.Values.Any(c => c.Job == job), "released too early or twice");
                job.IsReleased = true;
                break;
            case CommandKind.JobWaiting:
                Require(!job.HasEnded, "an ended job waits");
                break;
            default:
                throw new SimulationFailedException($"unknown command {command}");
        }
    }

    /// <summary>What must hold whenever the scheduler has had its say.</summary>
    public void CheckBalance(Scheduler scheduler)
    {
        Require(scheduler.ChunksOut == _chunks.Count, $"{scheduler.ChunksOut} chunks out, expected {_chunks.Count}");
        foreach (ChunkBook chunk in _chunks.Values)
        {
            Require(
                chunk.Job.HasEnded || chunk.Left == 0 || chunk.Innocent > 0 || chunk.Asked >= CancelMode.Soft,
                $"{chunk.Id} goes on though its {chunk.Left} unanswered items are all withdrawn");
            Require(!chunk.IsBeaten || chunk.Asked == CancelMode.Force, $"{chunk.Id} goes on though another copy has answered all of it");
        }

        CheckForgotten();
        foreach (JobBook job in _jobs.Values.Where(job => !job.HasEnded))
        {
            JobSnapshot snapshot = scheduler.GetJob(job.Id) ?? throw new SimulationFailedException($"{job.Id} got lost");
            Require(snapshot.Received == job.Received, $"{job.Id} received {snapshot.Received}, expected {job.Received}");
            Require(snapshot.Completed + snapshot.Failed + snapshot.Cancelled == job.Answered, $"{job.Id} has wrong counts of answers");
            Require(snapshot.Pending + snapshot.Running + job.Answered == job.Received, $"{job.Id} lost items: {snapshot}");
            bool waitsForFullChunk = snapshot.Running > 0 && job.Plan.Terms.ChunkSize is not null;
            if (snapshot.Pending > 0 && !waitsForFullChunk && !job.IsBlocked)
            {
                NodeBook? idle = _nodes.Values.FirstOrDefault(node => node.IdleSlots > 0 && job.AcceptsWaiting(node));
                Require(idle is null, $"{job.Id} has {snapshot.Pending} items pending while {idle?.Terms.Name} has an idle slot");
            }
        }
    }

    private void CheckForgotten()
    {
        if (_recalls.FindForgotten(_chunks.Values, _nodes.Values) is ChunkBook forgotten)
        {
            throw new SimulationFailedException($"{forgotten.Id} waits for others on {forgotten.Node.Terms.Name} while slots are idle elsewhere");
        }
    }

    private void CheckDispatch(in SchedulerCommand command, JobBook job)
    {
        Dispatches++;
        Require(_nodes.TryGetValue(command.Node, out NodeBook? node), "dispatched to a node that is not there");
        Require(node!.TakesWork, $"dispatched to a node that is {(node.IsDraining ? "to leave" : "suspect")}");
        Require(node.Chunks < node.Terms.Slots + node.Terms.Prefetch, $"{node.Terms.Name} has {node.Chunks} chunks already, all of its credit");
        Require(!job.HasEnded && !job.IsBlocked, "dispatched for a job that is over or blocked");
        Require(command.Chunk.Value > _lastChunk, "chunk number used twice");
        Require(command.Items.Count > 0 && command.Items.End <= job.Received, "dispatched items that nobody sent");
        Require(!command.Alone || command.Items.Count == 1, "a worker for itself asked for by several items");
        Require(job.Plan.Terms.ChunkSize is not int size || command.Items.Count <= (ulong)size, "chunk larger than asked for");
        _lastChunk = command.Chunk.Value;
        ChunkBook chunk = new(command.Chunk, node, job, command.Items, clock.Now);
        _chunks.Add(chunk.Id, chunk);
        node.Change(+1);
        for (ulong i = command.Items.First; i < command.Items.End; i++)
        {
            ref ItemBook item = ref job.Items[i];
            bool isCopy = item.Chunk is not null;
            Require(!item.IsAnswered, $"item {i} dispatched though it is answered");
            Require(!isCopy || MayCopy(item, job, command.Items), $"item {i} dispatched though it is out");
            Require(!item.IsWithdrawn, $"item {i} dispatched though it is withdrawn");
            Require(item.IsChargeOpen || item.NodeLosses < InfrastructureBudget.MaxNodeLosses, $"item {i} dispatched again after it has taken {item.NodeLosses} nodes down");
            Require(item.NodeLosses == 0 || command.Items.Count == 1, $"item {i} dispatched together with others after its node was lost");
            Require(command.Attempt >= item.Attempt && command.Attempt <= item.Attempt + 1, $"attempt {command.Attempt} after {item.Attempt}");
            Require(job.Accepts(node, i), $"item {i} may not run on {node.Terms.Name}");
            (item.Chunk, item.Copy) = isCopy ? (item.Chunk, chunk) : (chunk, null);
            item.Attempt = command.Attempt;
        }
    }

    private void CheckFailure(in SchedulerCommand command, JobBook job)
    {
        Seen.Add(command.Failure);
        ref ItemBook item = ref job.Items[command.Items.First];
        bool isPinned = job.Plan.Terms.PinnedNodes is not null;
        Require(command.Failure != FailureReason.WorkerLost || item.Losses == InfrastructureBudget.MaxLosses, $"failed after {item.Losses} losses");
        Require(command.Failure != FailureReason.OutOfMemory || item.MemoryKills == InfrastructureBudget.MaxMemoryKills, $"failed after {item.MemoryKills} kills");
        Require(command.Failure != FailureReason.NodesLost || ((item.IsChargeOpen || item.NodeLosses == InfrastructureBudget.MaxNodeLosses) && !isPinned), $"failed after {item.NodeLosses} lost nodes");
        Require(command.Failure is FailureReason.WorkerLost or FailureReason.OutOfMemory or FailureReason.NodesLost || isPinned, "lost its node, but is not pinned");
        Require(command.Failure != FailureReason.CodeUnavailable || job.Plan.UnloadableOn.Contains(_nodes[command.Node].Terms.Name), "the node has the code");

        // What was handed out and came back before a worker had begun it was no attempt.
        bool waited = command.Failure is FailureReason.NoNodes or FailureReason.NodeLost && command.Attempt + 1 == item.Attempt;
        Require(command.Attempt == item.Attempt || waited, $"attempts reported: {command.Attempt}, seen: {item.Attempt}");
        job.Answer(command.Items.First, null);
    }

    private void CheckCancel(in SchedulerCommand command, JobBook job)
    {
        ChunkBook chunk = Live(command.Chunk);
        Seen.Add(command.Mode);
        Require(chunk.Node.Id == command.Node && chunk.Job == job, $"{chunk.Id} cancelled at the wrong place");
        Require(command.Mode > chunk.Asked, $"{chunk.Id} cancelled {command.Mode} after {chunk.Asked}");
        Require(command.Mode != CancelMode.Soft || chunk.Innocent == 0, $"{chunk.Id} asked to stop with {chunk.Innocent} items in it that nobody has withdrawn");
        if (command.Mode == CancelMode.UnlessBegun)
        {
            string? wrong = chunk.Innocent == chunk.Left ? _recalls.Check(chunk, _nodes.Values) : null;
            Require(wrong is null, wrong ?? "");
            _recalls.Add(chunk);
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
        Require(!job.HasEnded, "ended twice");
        job.HasEnded = true;
        Seen.Add(outcome);
        Require(outcome != JobOutcome.CodeFailed || job.Plan.IsCodeBroken || IsBarredEverywhere(job), "code failed though it is sound, and nodes are left that may load it");
        Require(outcome != JobOutcome.Completed || (job.InputsEnded && job.Answered == job.Received && job.Received == job.Plan.Count), "completed with items unanswered");
        Require(outcome != JobOutcome.StoppedByFailure || job.Plan.Terms.StopOnError, "stopped by a failure that it collects");
        Require(
            outcome != JobOutcome.NoNodes
            || (!_nodes.Values.Any(node => !node.IsDraining && job.Wants(node.Terms)) && clock.Now - job.LastNodeAt >= job.Plan.Terms.NoNodesTimeout),
            "gave up too early on nodes");
    }

    private bool IsBarredEverywhere(JobBook job) => job.Barred.Overlaps(_nodes.Keys) && !_nodes.Values.Any(node => !node.IsDraining && job.Accepts(node));

    private ChunkBook Live(ChunkId id) => _chunks.TryGetValue(id, out ChunkBook? chunk) ? chunk : throw new SimulationFailedException($"{id} is not out");

    private void Close(ChunkBook chunk)
    {
        _chunks.Remove(chunk.Id);
        chunk.Node.Change(-1);
        _recalls.Remove(chunk);
        chunk.Job.LetGo(chunk);
    }

    private bool MayCopy(in ItemBook item, JobBook job, ItemRange items)
    {
        Seen.Add(Occurrence.Copy);
        return job.Plan.Terms.Speculate && job.Plan.Terms.PinnedNodes is null && item.Copy is null && item.Chunk!.Items.Intersect(items) == items
            && clock.Now - item.Chunk.SentAt >= TimeSpan.FromSeconds(Speculation.MinSeconds) - TimeSpan.FromMicroseconds(1);
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new SimulationFailedException(otherwise);
        }
    }
}
