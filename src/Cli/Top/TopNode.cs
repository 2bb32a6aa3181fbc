namespace Cluster.Cli.Top;

/// <summary>A node, as <c>cluster top</c> shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">ready, suspect or draining.</param>
/// <param name="Slots">How many chunks it runs at once.</param>
/// <param name="Busy">How many it runs now.</param>
/// <param name="Chunks">Chunks in its hands, waiting ones included.</param>
/// <param name="Items">Items that it has answered since it attached.</param>
/// <param name="Rate">How many it answers in a second; null: not known yet.</param>
/// <param name="MemoryBytes">What its worker processes have; null: it cannot tell.</param>
/// <param name="MemoryLimitBytes">What they may have together; null: it cannot tell.</param>
internal sealed record TopNode(string Name, string State, int Slots, int Busy, int Chunks, long Items, double? Rate, long? MemoryBytes, long? MemoryLimitBytes);
