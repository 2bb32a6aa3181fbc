namespace Cluster.TestFunctions;

/// <summary>A result with a shape.</summary>
public sealed record Words(string Text, int Count);
