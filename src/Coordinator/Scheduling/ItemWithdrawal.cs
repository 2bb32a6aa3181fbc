namespace Cluster.Coordinator.Scheduling;

/// <summary>Cancels single items, wherever they are. The caller ends the job if those were the last ones.</summary>
internal sealed class ItemWithdrawal(JobEnding ending, CancelRequests requests, Speculation speculation)
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
                // Two copies of which some items are withdrawn are more than anybody needs.
                speculation.CallOff(chunk);
                Withdraw(chunk, items, force);
            }
        }
    }

    /// <summary>Items of a chunk have been answered: those that are left may all be withdrawn.</summary>
    public void ItemsAnswered(Chunk chunk) => AskIfNobodyElse(chunk);

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

        if (_found.Count == 0)
        {
            return;
        }

        if (force)
        {
            requests.Ask(chunk, CancelMode.Force);
        }
        else if (!AskIfNobodyElse(chunk) && chunk.StartedAt is null)
        {
            // A worker may have begun it by now, and cannot be told about some of its items only: then the innocent ones go on.
            requests.Ask(chunk, CancelMode.UnlessBegun);
        }
    }

    private bool AskIfNobodyElse(Chunk chunk)
    {
        if (chunk.Withdrawn.Count == 0 || chunk.Withdrawn.Count < chunk.Unanswered.Count)
        {
            return false;
        }

        requests.Ask(chunk, CancelMode.Soft);
        return true;
    }
}
