namespace Cluster.Client.Functions;

/// <summary>A function as it travels for a single call.</summary>
/// <param name="Function">The function: without what it captured, where that comes beside it.</param>
/// <param name="Captures">What it captured, as in <see cref="Protocol.V1.Function.Target"/>; null where that is in the function, or nothing.</param>
/// <param name="IsShared">Whether further calls of the same method get the same <paramref name="Function"/> object.</param>
internal sealed record SplitFunction(ShippedFunction Function, ReadOnlyMemory<byte>? Captures, bool IsShared);
