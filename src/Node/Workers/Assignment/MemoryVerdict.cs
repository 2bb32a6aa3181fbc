namespace Cluster.Node.Workers.Assignment;

/// <summary>What is to be done about the memory of the workers.</summary>
/// <param name="Pressure">How much the node takes on.</param>
/// <param name="Recycled">Workers to replace after the chunk that they run.</param>
/// <param name="Killed">Workers to end now.</param>
internal sealed record MemoryVerdict(MemoryPressure Pressure, IReadOnlyList<WorkerState> Recycled, IReadOnlyList<MemoryKill> Killed);
