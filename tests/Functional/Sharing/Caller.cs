using Cluster.Client;

namespace Cluster.Functional.Sharing;

/// <summary>One of those who call an object side by side.</summary>
/// <param name="Number">Which one.</param>
/// <param name="Client">What it calls through; others may share it.</param>
/// <param name="Random">Its choices.</param>
internal sealed record Caller(int Number, ClusterClient Client, Random Random);
