using Cluster.Client;

namespace Cluster.Cli.Output;

/// <summary>A node, as <c>cluster nodes --json</c> prints it.</summary>
internal sealed record NodeLine(
    string Name, string State, int Slots, int Chunks, long Items, IReadOnlyDictionary<string, string> Labels, string Host, int Pid, string Version, string Runtime,
    DateTimeOffset AttachedAt)
{
    /// <summary>How many of its slots are busy.</summary>
    public int Running { get; init; }

    /// <summary>What its worker processes have; null: it cannot tell.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>What they may have together; null: it cannot tell.</summary>
    public long? MemoryLimitBytes { get; init; }

    public static NodeLine Of(ClusterNode node) => new(
        node.Name, StateOf(node), node.Slots, node.Chunks, node.Items, node.Labels, node.Host, node.Pid, node.Version, node.Runtime, node.AttachedAt)
    {
        Running = node.Running,
        MemoryBytes = node.MemoryBytes > 0 ? node.MemoryBytes : null,
        MemoryLimitBytes = node.MemoryLimitBytes > 0 ? node.MemoryLimitBytes : null,
    };

    public static string StateOf(ClusterNode node) => node.IsReady ? "ready" : node.IsDraining ? "draining" : "suspect";
}
