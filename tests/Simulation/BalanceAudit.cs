using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>What must hold between the events, whatever happens.</summary>
internal sealed class BalanceAudit(Books books)
{
    /// <summary>What must hold whenever the scheduler has had its say.</summary>
    public void CheckBalance(Scheduler scheduler)
    {
        Require.That(scheduler.ChunksOut == books.Chunks.Count, $"{scheduler.ChunksOut} chunks out, expected {books.Chunks.Count}");
        foreach (ChunkBook chunk in books.Chunks.Values)
        {
            Require.That(
                chunk.Job.HasEnded || chunk.Left == 0 || chunk.Innocent > 0 || chunk.Asked >= CancelMode.Soft,
                $"{chunk.Id} goes on though its {chunk.Left} unanswered items are all withdrawn");
            Require.That(!chunk.IsBeaten || chunk.Asked == CancelMode.Force, $"{chunk.Id} goes on though another copy has answered all of it");
        }

        CheckForgotten();
        foreach (JobBook job in books.Jobs.Values.Where(job => !job.HasEnded))
        {
            JobSnapshot snapshot = scheduler.GetJob(job.Id) ?? throw new SimulationFailedException($"{job.Id} got lost");
            Require.That(snapshot.Received == job.Received, $"{job.Id} received {snapshot.Received}, expected {job.Received}");
            Require.That(snapshot.Completed + snapshot.Failed + snapshot.Cancelled == job.Answered, $"{job.Id} has wrong counts of answers");
            Require.That(snapshot.Pending == job.Pending && snapshot.Running == job.Held, $"{job.Id} lost items: {snapshot}, but {job.Pending} should be pending and {job.Held} running");
            bool waitsForFullChunk = snapshot.Running > 0 && job.Plan.Terms.ChunkSize is not null;
            if (snapshot.Pending > 0 && !waitsForFullChunk && !job.IsBlocked)
            {
                NodeBook? idle = books.Nodes.Values.FirstOrDefault(node => node.IdleSlots > 0 && job.AcceptsWaiting(node));
                Require.That(idle is null, $"{job.Id} has {snapshot.Pending} items pending while {idle?.Terms.Name} has an idle slot");
            }
        }
    }

    /// <summary>Owners that all have items waiting get as much slot time.</summary>
    public void CheckFairness()
    {
        string? unfair = books.Fairness.Check(books.Jobs.Values, books.Chunks.Values);
        Require.That(unfair is null, unfair ?? "");
        if (books.Fairness.HasTold)
        {
            books.Seen.Add(Occurrence.FairShare);
        }
    }

    /// <summary>What must hold after a tick: others run what a node has that has been away for too long, as far as they have room.</summary>
    public void CheckAway()
    {
        foreach (ChunkBook chunk in books.Chunks.Values)
        {
            if (chunk.Node.AwayFor.TotalSeconds > Speculation.AwaySeconds + 1e-6 && chunk.MayBeCopied)
            {
                NodeBook? other = books.Nodes.Values.FirstOrDefault(node => node.HasRoom && chunk.Job.Accepts(node));
                Require.That(other is null, $"{chunk.Id} waits for {chunk.Node.Terms.Name}, which is away, though {other?.Terms.Name} has room");
            }
        }
    }

    private void CheckForgotten()
    {
        if (books.Recalls.FindForgotten(books.Chunks.Values, books.Nodes.Values) is ChunkBook forgotten)
        {
            throw new SimulationFailedException($"{forgotten.Id} waits for others on {forgotten.Node.Terms.Name} while slots are idle elsewhere");
        }
    }
}
