namespace Cluster.Client.Functions;

/// <summary>An assembly that was not found on this machine.</summary>
/// <param name="Name">Its simple name.</param>
/// <param name="NeededBy">Simple name of an assembly that refers to it.</param>
internal sealed record MissingReference(string Name, string NeededBy);
