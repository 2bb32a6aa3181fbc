using Cluster.Client;

namespace Cluster.Cli.Output;

/// <summary>A node, as <c>cluster nodes --json</c> prints it.</summary>
internal sealed record NodeLine(
    string Name, string State, int Slots, int Chunks, long Items, IReadOnlyDictionary<string, string> Labels, string Host, int Pid, string Version, string Runtime,
    DateTimeOffset AttachedAt)
{
    public static NodeLine Of(ClusterNode node) => new(
        node.Name, StateOf(node), node.Slots, node.Chunks, node.Items, node.Labels, node.Host, node.Pid, node.Version, node.Runtime, node.AttachedAt);

    public static string StateOf(ClusterNode node) => node.IsReady ? "ready" : node.IsDraining ? "draining" : "suspect";
}
