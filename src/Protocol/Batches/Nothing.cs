namespace Cluster.Protocol.Batches;

/// <summary>
/// The item of calls without arguments and the result of functions that return nothing. It takes no bytes: a batch of it is a count.
/// </summary>
public readonly record struct Nothing;
