namespace Cluster.Coordinator.Journal;

/// <summary>A record.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Durable">The number of the last record that was safe on the disk when this one was written.</param>
/// <param name="Payload">What was recorded.</param>
internal readonly record struct Record(ulong Number, ulong Durable, ReadOnlyMemory<byte> Payload);
