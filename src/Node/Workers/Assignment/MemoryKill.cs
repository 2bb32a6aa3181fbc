namespace Cluster.Node.Workers.Assignment;

/// <summary>A worker that is ended for its memory, whatever it does.</summary>
internal readonly record struct MemoryKill(WorkerState Worker, MemoryOveruse Overuse);
