namespace Cluster.Coordinator.Scheduling;

/// <summary>How far a job is.</summary>
/// <param name="Received">Items that came.</param>
/// <param name="Completed">Items that succeeded.</param>
/// <param name="Failed">Items that failed.</param>
/// <param name="Cancelled">Items that were withdrawn one by one.</param>
/// <param name="Pending">Items that no node holds.</param>
/// <param name="Running">Items that nodes hold, waiting ones included.</param>
/// <param name="Nodes">Attached nodes that may run the job.</param>
/// <param name="Slots">Slots of these nodes.</param>
/// <param name="WaitingFor">Why nothing is running though items are pending, for people; null where that is not so.</param>
internal readonly record struct JobSnapshot(
    ulong Received, ulong Completed, ulong Failed, ulong Cancelled, ulong Pending, ulong Running, int Nodes, int Slots, string? WaitingFor);
