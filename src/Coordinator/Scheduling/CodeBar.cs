namespace Cluster.Coordinator.Scheduling;

/// <summary>
/// Keeps jobs away from nodes that could not get hold of their code: a full disk or a failed download is the node's trouble, and others may do better.
/// A node that attaches anew is tried anew.
/// </summary>
internal sealed class CodeBar(NodeTable nodes, JobTable jobs, UnbegunChunks unbegun, JobEnding ending, Dispatcher dispatcher)
{
    /// <summary>
    /// A node could not load a job's code. If that was for now, the job goes on without the node, and ends when no other attached node may run it; items
    /// that are pinned to the node fail one by one with their chunks instead, and those of other nodes are none the worse.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="node">The node.</param>
    /// <param name="outcome">Whether it was for now, or for good.</param>
    public void Add(Job job, Node node, ChunkOutcome outcome)
    {
        if (outcome == ChunkOutcome.CodeFailed)
        {
            ending.End(job, JobOutcome.CodeFailed);
        }

        if (job.HasEnded || job.LaneOfItem is not null)
        {
            return;
        }

        foreach (Lane lane in job.Lanes)
        {
            NodeCriteria criteria = lane.Pool.Criteria;
            if (criteria.Accept(node.Id, node.Terms))
            {
                jobs.Move(lane, criteria.Without([.. criteria.Barred.Where(IsAttached), node.Id]));
            }
        }

        if (job.Lanes.TrueForAll(lane => lane.Pool.NodeCount == 0))
        {
            ending.End(job, JobOutcome.CodeFailed);
            return;
        }

        foreach (Lane lane in job.Lanes)
        {
            dispatcher.Refresh(lane);
        }

        for (Chunk? chunk = job.OldestChunk; chunk is not null; chunk = chunk.Newer)
        {
            if (chunk.ListedIn is not null)
            {
                unbegun.Unlist(chunk);
                unbegun.Add(chunk);
            }
        }
    }

    /// <summary>Whether there are nodes that the lane's items could run on if they could load the code.</summary>
    public bool KeepsNodesFrom(Lane lane) => lane.Pool.Criteria.Barred.Any(IsAttached);

    private bool IsAttached(NodeId id) => nodes.TryGet(id, out _);
}
