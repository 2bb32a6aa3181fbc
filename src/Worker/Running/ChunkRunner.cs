namespace Cluster.Worker.Running;

/// <summary>Runs the chunks of one job: the loop over its items, compiled for their types.</summary>
internal abstract class ChunkRunner
{
    /// <summary>Runs a chunk to its end, and says so to the node. Has ended when it returns, unless the function is asynchronous.</summary>
    /// <exception cref="IOException">The node is gone.</exception>
    public abstract ValueTask RunAsync(ChunkRun chunk, ChunkSurroundings surroundings);
}
