namespace Cluster.Samples.Detached;

/// <summary>The longest sequence of a range.</summary>
/// <param name="Start">The number that it begins with.</param>
/// <param name="Steps">How many steps it has.</param>
internal readonly record struct Longest(long Start, int Steps);
