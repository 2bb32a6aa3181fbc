namespace Cluster.Coordinator.Scheduling;

/// <summary>Cancels single items, wherever they are. The caller ends the job if those were the last ones.</summary>
internal sealed class ItemWithdrawal(JobEnding ending)
{
    private readonly List<ItemRange> _found = [];

    /// <summary>Cancels what waits at once, and what nodes hold as far as that is possible.</summary>
    public void Withdraw(Job job, ItemRange items, bool force)
    {
        foreach (Lane lane in job.Lanes)
        {
            _found.Clear();
            lane.Pending.Remove(items, _found);
            foreach (ItemRange removed in _found)
            {
                job.Pending -= removed.Count;
                ending.Cancel(job, removed);
            }
        }

        for (Chunk? chunk = job.OldestChunk; chunk is not null; chunk = chunk.Newer)
        {
            if (chunk.Items.Intersect(items).Count > 0)
            {
                Withdraw(chunk, items, force);
            }
        }
    }

    private void Withdraw(Chunk chunk, ItemRange items, bool force)
    {
        _found.Clear();
        chunk.Unanswered.Remove(items, _found);
        foreach (ItemRange withdrawn in _found)
        {
            if (force)
            {
                chunk.Withdrawn.Remove(withdrawn);
                ending.Cancel(chunk.Lane.Job, withdrawn);
            }
            else
            {
                // Who answers first decides.
                chunk.Unanswered.Add(withdrawn);
                chunk.Withdrawn.Add(withdrawn);
            }
        }

        // A running chunk cannot be told about some of its items; without force the innocent ones decide.
        if (_found.Count > 0 && (force || chunk.StartedAt is null || chunk.Withdrawn.Count == chunk.Unanswered.Count))
        {
            ending.AskToGiveUp(chunk, force);
        }
    }
}
