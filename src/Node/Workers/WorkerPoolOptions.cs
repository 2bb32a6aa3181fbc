namespace Cluster.Node.Workers;

/// <summary>How a pool is laid out.</summary>
/// <param name="Node">The node's name, for what is reported.</param>
/// <param name="Workers">Worker processes.</param>
/// <param name="Threads">Chunks that each runs at once.</param>
internal sealed record WorkerPoolOptions(string Node, int Workers, int Threads)
{
    /// <summary>After how many items a worker is replaced; null: never.</summary>
    public int? MaxTasks { get; init; }
}
