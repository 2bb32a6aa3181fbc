namespace Cluster.Cli.Top;

/// <summary>A cluster at one moment: what <c>cluster top</c> draws, and what its <c>--json</c> prints.</summary>
/// <param name="At">When it was asked.</param>
/// <param name="Address">Whom.</param>
/// <param name="Coordinator">The version of its software; empty while nobody answers.</param>
/// <param name="StartedAt">Since when it runs; null while nobody answers.</param>
/// <param name="Slots">Those of all nodes.</param>
/// <param name="Nodes">By name.</param>
/// <param name="Jobs">Those that run and then those that wait, the last submitted first.</param>
internal sealed record TopSnapshot(DateTimeOffset At, string Address, string Coordinator, DateTimeOffset? StartedAt, TopSlots Slots, IReadOnlyList<TopNode> Nodes, IReadOnlyList<TopJob> Jobs)
{
    /// <summary>There are more jobs than these.</summary>
    public bool HasMoreJobs { get; init; }

    /// <summary>Why the coordinator is out of reach; null: it answers. What is shown is then the last that it said.</summary>
    public string? Reconnecting { get; init; }
}
