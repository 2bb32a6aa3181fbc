namespace Cluster.Local.Processes;

/// <summary>A node's ready line: it is attached.</summary>
internal sealed record NodeReady
{
    public required string Node { get; init; }

    public required int Workers { get; init; }
}
