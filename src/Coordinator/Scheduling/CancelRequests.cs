namespace Cluster.Coordinator.Scheduling;

/// <summary>Asks nodes to give chunks up.</summary>
internal sealed class CancelRequests(UnbegunChunks unbegun, CommandBuffer commands)
{
    /// <summary>Asks for a chunk, unless its node has been asked as firmly before, or does not hold it any more.</summary>
    public void Ask(Chunk chunk, CancelMode mode)
    {
        if (mode > chunk.Asked && !chunk.IsBack)
        {
            chunk.Asked = mode;
            if (mode == CancelMode.UnlessBegun)
            {
                unbegun.Recall(chunk);
            }
            else
            {
                unbegun.Unlist(chunk);
            }

            commands.Add(SchedulerCommand.CancelChunk(chunk.Node.Id, chunk.Id, chunk.Lane.Job.Id, mode));
        }
    }
}
