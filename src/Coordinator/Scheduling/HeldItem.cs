namespace Cluster.Coordinator.Scheduling;

/// <summary>An item that a node had in hand when it attached.</summary>
/// <param name="Job">The job that it belongs to, which was opened again.</param>
/// <param name="Index">The item.</param>
internal readonly record struct HeldItem(JobId Job, ulong Index);
