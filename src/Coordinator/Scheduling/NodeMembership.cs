namespace Cluster.Coordinator.Scheduling;

/// <summary>Nodes that come, fall silent and go, and items that wait for one in vain.</summary>
internal sealed class NodeMembership(
    NodeTable nodes, JobTable jobs, NodeAbsence absence, CodeBar codeBar, JobEnding ending, ChunkProgress chunks, Adoption adoption, Dispatcher dispatcher, TimeProvider time)
{
    /// <summary>A node takes work from now on.</summary>
    /// <exception cref="ArgumentException">The number is in use, or the terms make no sense.</exception>
    public void Attach(NodeId id, NodeTerms terms, IEnumerable<HeldItem> held)
    {
        nodes.Attach(id, terms);
        foreach (HeldItem item in held)
        {
            adoption.Add(item.Job, id, item.Index);
        }

        absence.Update();
        dispatcher.Run();
    }

    /// <summary>A node is silent: it keeps its chunks and takes no new ones.</summary>
    public void Suspect(NodeId id)
    {
        if (nodes.TryGet(id, out Node? node))
        {
            node.IsSuspect = true;
            node.Refresh();
        }
    }

    /// <summary>The connection to a node is gone: until it is back or lost, others are tried for what it has.</summary>
    public void Disconnect(NodeId id)
    {
        Suspect(id);
        if (nodes.TryGet(id, out Node? node))
        {
            node.AwaySince ??= time.GetTimestamp();
        }
    }

    /// <summary>A suspected node has been heard of again.</summary>
    public void Trust(NodeId id)
    {
        if (nodes.TryGet(id, out Node? node))
        {
            node.IsSuspect = false;
            node.AwaySince = null;
            node.Refresh();
            dispatcher.Run();
        }
    }

    /// <summary>A node is about to leave: it gets no new work. Whoever waits for it alone begins to wait for another, or for its return.</summary>
    public void Drain(NodeId id)
    {
        if (nodes.TryGet(id, out Node? node) && !node.IsDraining)
        {
            List<Lane> orphaned = jobs.FindLanesOnlyOn(node);
            node.Drain();
            foreach (Lane lane in orphaned)
            {
                dispatcher.Refresh(lane);
            }
        }
    }

    /// <summary>A node has left of its own accord: what it held goes back as if it had handed it back.</summary>
    public void Leave(NodeId id)
    {
        Drain(id);
        if (nodes.TryGet(id, out Node? node))
        {
            Detach(node);
            TakeBackAll(node, ChunkOutcome.Cancelled);
        }
    }

    /// <summary>
    /// A node is gone. Its unanswered items go elsewhere, those that it had begun on charge of their budget; those pinned to it fail. One that was to leave
    /// was ended by whoever told it to, and not by its items: nothing is charged.
    /// </summary>
    public void Lose(NodeId id)
    {
        if (!nodes.TryGet(id, out Node? node))
        {
            return;
        }

        List<Lane> orphaned = jobs.FindLanesOnlyOn(node);
        Detach(node);
        foreach (Lane lane in orphaned)
        {
            if (lane.Job.LaneOfItem is null)
            {
                dispatcher.Refresh(lane);
            }
            else
            {
                FailPending(lane, FailureReason.NodeLost, node);
            }
        }

        TakeBackAll(node, node.IsDraining ? ChunkOutcome.Cancelled : null);
    }

    /// <summary>Gives up what has waited for a node for too long.</summary>
    public void EndVainWaits()
    {
        while (absence.FindTimedOut() is Lane lane)
        {
            if (lane.Job.LaneOfItem is null)
            {
                ending.End(lane.Job, codeBar.KeepsNodesFrom(lane) ? JobOutcome.CodeFailed : JobOutcome.NoNodes);
            }
            else
            {
                FailPending(lane, FailureReason.NoNodes, null);
            }
        }
    }

    private void Detach(Node node)
    {
        nodes.Detach(node);
        foreach (Chunk chunk in node.Chunks)
        {
            chunk.IsBack = true;
        }
    }

    private void TakeBackAll(Node node, ChunkOutcome? outcome)
    {
        while (node.Chunks.Count > 0)
        {
            Chunk chunk = node.Chunks[^1];
            double seconds = chunk.StartedAt is long start ? time.GetElapsedTime(start).TotalSeconds : 0;
            chunks.TakeBack(chunk, seconds, outcome);
        }

        dispatcher.Run();
    }

    private void FailPending(Lane lane, FailureReason reason, Node? node)
    {
        while (lane.Pending.Count > 0 && !lane.Job.HasEnded)
        {
            PendingSegment segment = lane.Pending.Take(ulong.MaxValue, double.MaxValue);
            lane.Job.Pending -= segment.Items.Count;
            ending.Fail(lane.Job, segment with { Attempt = segment.Attempt - 1 }, reason, node);
        }

        dispatcher.Refresh(lane);
    }
}
