using Cluster.Protocol.V1;

namespace Cluster.Node.Workers;

/// <summary>The coordinator's numbers for chunks in messages about them.</summary>
internal static class ChunkMessages
{
    /// <summary>A message about a chunk under a number, which need not be the one that it was made with: a copy then, since the first may be on its way still.</summary>
    public static NodeMessage Address(NodeMessage message, ulong chunk) => message switch
    {
        { ChunkStarted: { } started } when started.ChunkId != chunk => new() { ChunkStarted = new(started) { ChunkId = chunk } },
        { ChunkResults: { } results } when results.ChunkId != chunk => new() { ChunkResults = new() { ChunkId = chunk, Results = results.Results } },
        { ChunkOutput: { } output } when output.ChunkId != chunk => new() { ChunkOutput = new() { ChunkId = chunk, Output = output.Output } },
        { ChunkEnded: { } ended } when ended.ChunkId != chunk => new() { ChunkEnded = new(ended) { ChunkId = chunk } },
        _ => message,
    };
}
