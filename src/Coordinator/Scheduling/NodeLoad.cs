namespace Cluster.Coordinator.Scheduling;

/// <summary>What an attached node brings that is not about to leave.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Slots">Chunks that it runs at once.</param>
/// <param name="IsBusy">It has chunks, or processes.</param>
/// <param name="Labels">What jobs may require of it.</param>
internal readonly record struct NodeLoad(string Name, int Slots, bool IsBusy, IReadOnlyDictionary<string, string> Labels);
