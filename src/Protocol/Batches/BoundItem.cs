namespace Cluster.Protocol.Batches;

/// <summary>An item that brings along what the function captured for it: <see cref="V1.JobSpec.CapturesInItems"/>.</summary>
/// <typeparam name="T">The type of the item.</typeparam>
/// <param name="Captures">What the function captured, in the layout of <see cref="V1.Function.Target"/>.</param>
/// <param name="Item">The item.</param>
public readonly record struct BoundItem<T>(ReadOnlyMemory<byte> Captures, T Item);
