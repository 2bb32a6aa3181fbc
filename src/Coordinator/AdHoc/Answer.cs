using Cluster.Protocol.V1;

namespace Cluster.Coordinator.AdHoc;

/// <summary>What became of an item.</summary>
/// <param name="Index">Which one.</param>
/// <param name="Json">What the function returned, where it did.</param>
/// <param name="Error">Why it did not; null where it did.</param>
internal readonly record struct Answer(ulong Index, ReadOnlyMemory<byte> Json, ErrorInfo? Error);
