using System.Globalization;
using Cluster.Client;

namespace Cluster.Cli.Output;

/// <summary>A node, as <c>cluster nodes --json</c> prints it.</summary>
internal sealed record NodeLine(
    string Name, string State, int Slots, int Chunks, long Items, IReadOnlyDictionary<string, string> Labels, string Host, int Pid, string Version, string Runtime,
    DateTimeOffset AttachedAt, string? DrainReason, double? DrainSecondsLeft)
{
    /// <summary>How many of its slots are busy.</summary>
    public int Running { get; init; }

    /// <summary>What its worker processes have; null: it cannot tell.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>What they may have together; null: it cannot tell.</summary>
    public long? MemoryLimitBytes { get; init; }

    public static NodeLine Of(ClusterNode node) => new(
        node.Name, StateOf(node), node.Slots, node.Chunks, node.Items, node.Labels, node.Host, node.Pid, node.Version, node.Runtime, node.AttachedAt,
        node.DrainReason.Length > 0 ? node.DrainReason : null, node.DrainLeft?.TotalSeconds)
    {
        Running = node.Running,
        MemoryBytes = node.MemoryBytes > 0 ? node.MemoryBytes : null,
        MemoryLimitBytes = node.MemoryLimitBytes > 0 ? node.MemoryLimitBytes : null,
    };

    /// <summary>The state for people: of one that drains, why and for how much longer.</summary>
    public static string Describe(ClusterNode node)
    {
        var reason = node.DrainReason.Length > 0 ? $": {node.DrainReason}" : "";
        var left = node.DrainLeft is { } time ? string.Create(CultureInfo.InvariantCulture, $", {Math.Ceiling(time.TotalSeconds):F0} s left") : "";
        return $"{StateOf(node)}{reason}{left}";
    }

    public static string StateOf(ClusterNode node) => node.IsReady ? "ready" : node.IsDraining ? "draining" : "suspect";
}
