using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>Enters what happens to jobs, items, chunks and nodes into the books, item by item, and objects to answers that do not fit.</summary>
internal sealed class Ledger(Books books, VirtualClock clock)
{
    /// <summary>What has happened at least once: kinds of commands, ends of jobs and reasons of failures.</summary>
    public HashSet<Enum> Seen => books.Seen;

    public IEnumerable<JobBook> Jobs => books.Jobs.Values;

    public void NodeAttaches(NodeId id, NodeTerms terms)
    {
        books.Nodes.Add(id, new NodeBook(id, terms, clock));
        books.Fairness.Attach(terms);
    }

    /// <summary>A node says that it has an item in hand, of a job that is open.</summary>
    public void NodeBrings(NodeId id, JobId job, ulong index) => books.Brought.Add((id, job, index));

    public void NodeTrust(NodeId id, bool isTrusted)
    {
        if (books.Nodes.TryGetValue(id, out NodeBook? node))
        {
            node.Trust(isTrusted);
        }
    }

    /// <summary>The connection to a node breaks.</summary>
    public void NodeDisconnects(NodeId id)
    {
        if (books.Nodes.TryGetValue(id, out NodeBook? node))
        {
            node.Disconnect();
            books.Seen.Add(Occurrence.Disconnect);
        }
    }

    /// <summary>A node is to leave.</summary>
    public void NodeDrains(NodeId id)
    {
        if (books.Nodes.TryGetValue(id, out NodeBook? node) && !node.IsDraining)
        {
            node.Drain();
            NoteAbsence(node);
            books.Seen.Add(Occurrence.Drain);
        }
    }

    /// <summary>A node has left by itself: nobody is charged.</summary>
    public void NodeLeaves(NodeId id)
    {
        NodeDrains(id);
        if (books.Nodes.Remove(id, out NodeBook? node))
        {
            CloseAll(node);
        }
    }

    /// <summary>The coordinator starts again, and knows nothing.</summary>
    /// <returns>The jobs that it forgot.</returns>
    public List<JobBook> Restart()
    {
        List<JobBook> forgotten = [.. books.Jobs.Values.Where(job => !job.HasEnded)];
        foreach (ChunkBook chunk in books.Chunks.Values.ToArray())
        {
            books.Close(chunk);
        }

        books.Nodes.Clear();
        books.Fairness.Forget();
        foreach (JobBook job in books.Jobs.Values)
        {
            job.HasEnded = job.IsReleased = true;
        }

        books.Seen.Add(Occurrence.Restart);
        return forgotten;
    }

    /// <summary>The client has answers of items already.</summary>
    public void InputsSkipped(JobId id, ItemRange items)
    {
        JobBook job = books.Jobs[id];
        job.Received += items.Count;
        for (ulong i = items.First; i < items.End; i++)
        {
            job.Answer(i, null);
        }

        books.Seen.Add(Occurrence.Skip);
    }

    public void NodeGoes(NodeId id)
    {
        if (!books.Nodes.Remove(id, out NodeBook? node))
        {
            return;
        }

        books.Lost.Add(id);
        if (!node.IsDraining)
        {
            NoteAbsence(node);
        }

        // Whoever told it to leave has ended it.
        foreach (ChunkBook chunk in books.Chunks.Values.Where(chunk => chunk.Node == node && !node.IsDraining))
        {
            Blame.NodeLost(chunk);
        }

        CloseAll(node);
    }

    private void NoteAbsence(NodeBook node)
    {
        foreach (JobBook job in books.Jobs.Values.Where(job => job.Accepts(node)))
        {
            job.LastNodeAt = clock.Now;
        }
    }

    private void CloseAll(NodeBook node)
    {
        books.Fairness.Detach(node.Terms);
        foreach (ChunkBook chunk in books.Chunks.Values.Where(chunk => chunk.Node == node).ToArray())
        {
            books.Close(chunk);
        }
    }

    public void JobOpens(JobId id, JobPlan plan) => books.Jobs.Add(id, new JobBook(id, plan, clock.Now));

    public bool IsOpen(JobId id) => !books.Jobs[id].HasEnded;

    public ulong Unanswered(JobId id) => books.Jobs[id].Received - books.Jobs[id].Answered;

    public void InputsCome(JobId id, ItemRange items) => books.Jobs[id].Received += items.Count;

    public void InputsEnd(JobId id) => books.Jobs[id].InputsEnded = true;

    public void OutputBlocks(JobId id, bool isBlocked) => books.Jobs[id].IsBlocked = isBlocked;

    public void CancelRequested(JobId id, ItemRange items)
    {
        JobBook job = books.Jobs[id];
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
            ChunkBook chunk = books.Live(id);
            for (ulong i = range.First; i < range.End; i++)
            {
                Require.That(i >= chunk.Items.First && i < chunk.Items.End, $"{chunk.Id} answered item {i} of another chunk");
                chunk.Job.Answer(i, chunk);
            }
        }
    }

    /// <summary>A node reports that a worker has a chunk.</summary>
    public void ChunkStarts(ChunkId id)
    {
        if (books.Chunks.TryGetValue(id, out ChunkBook? chunk))
        {
            chunk.StartedAt ??= clock.Now;
            books.Recalls.Remove(chunk);
        }
    }

    /// <summary>A node reports that an item's time was up.</summary>
    public void ItemTimesOut(ChunkId id, ulong index, uint tries)
    {
        if (books.Chunks.TryGetValue(id, out ChunkBook? chunk) && Blame.TimedOut(chunk, index, tries))
        {
            books.Seen.Add(Occurrence.TriedAgain);
        }
    }

    /// <summary>A node reports a chunk's end. Dead and repeated chunks are none of the scheduler's business.</summary>
    public void ChunkEnds(ChunkId id, ChunkOutcome outcome, TimeSpan elapsed)
    {
        if (!books.Chunks.TryGetValue(id, out ChunkBook? chunk))
        {
            return;
        }

        books.Seen.Add(outcome);
        Blame.WorkerEnds(chunk, outcome);
        if (outcome == ChunkOutcome.CodeUnavailable && chunk.Job.Plan.Terms.PinnedNodes is null)
        {
            chunk.Job.Barred.Add(chunk.Node.Id);
        }

        books.Close(chunk, elapsed);
    }
}
