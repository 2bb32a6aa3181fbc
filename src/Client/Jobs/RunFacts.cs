namespace Cluster.Client.Jobs;

/// <summary>How items that were answered together were run.</summary>
/// <param name="Node">Name of the node.</param>
/// <param name="Duration">Mean time per item inside the function.</param>
internal readonly record struct RunFacts(string Node, TimeSpan Duration);
