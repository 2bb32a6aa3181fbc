namespace Cluster.Coordinator.Scheduling;

/// <summary>What a node is doing.</summary>
/// <param name="Chunks">Chunks that the node holds.</param>
/// <param name="IsSuspect">It takes no new work until it is heard of again.</param>
/// <param name="IsDraining">It takes no new work, and leaves when it has seen to what it has.</param>
/// <param name="ItemsAnswered">Items that it has answered since it attached.</param>
internal readonly record struct NodeSnapshot(int Chunks, bool IsSuspect, bool IsDraining, ulong ItemsAnswered);
