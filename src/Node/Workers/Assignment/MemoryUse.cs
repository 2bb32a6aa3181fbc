namespace Cluster.Node.Workers.Assignment;

/// <summary>How many bytes of memory a worker has.</summary>
internal readonly record struct MemoryUse(WorkerState Worker, long Bytes);
