namespace Cluster.Coordinator.Scheduling;

/// <summary>How much an open job asks for.</summary>
/// <param name="Items">Items without an answer, whether they wait or nodes have them.</param>
/// <param name="SecondsPerItem">Measured time per item; 0 while nothing is measured.</param>
/// <param name="Requires">Labels that a node must have.</param>
internal readonly record struct JobLoad(ulong Items, double SecondsPerItem, IReadOnlyDictionary<string, string> Requires);
