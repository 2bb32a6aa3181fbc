namespace Cluster.Worker.Running;

/// <summary>Runs the chunks of one job: the loop over its items, compiled for their types.</summary>
internal abstract class ChunkRunner
{
    /// <summary>Runs a chunk to its end, and says so to the node. Has ended when it returns, unless the function is asynchronous.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="surroundings">What it runs in.</param>
    /// <param name="queue">Where it came from; told of the end before the node is.</param>
    /// <returns>The chunk that begins in its place, which the caller runs.</returns>
    /// <exception cref="IOException">The node is gone.</exception>
    public abstract ValueTask<ChunkRun?> RunAsync(ChunkRun chunk, ChunkSurroundings surroundings, ChunkQueue queue);
}
