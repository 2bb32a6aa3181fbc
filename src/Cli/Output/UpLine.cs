namespace Cluster.Cli.Output;

/// <summary>What <c>cluster up</c> prints once the cluster is there.</summary>
internal sealed record UpLine(string Address, int Pid, int Nodes, int WorkersPerNode);
