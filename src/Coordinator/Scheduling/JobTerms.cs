using System.Collections.ObjectModel;

namespace Cluster.Coordinator.Scheduling;

/// <summary>How a job wants to be scheduled.</summary>
internal sealed record JobTerms
{
    /// <summary>The lowest <see cref="Priority"/>.</summary>
    public const int MinPriority = -10;

    /// <summary>The highest <see cref="Priority"/>.</summary>
    public const int MaxPriority = 10;

    /// <summary>For people: what others read when they wait for this job.</summary>
    public string Name { get; init; } = "";

    /// <summary>The client session that opened the job. Sessions share the cluster equally, however many jobs each has.</summary>
    public ulong Owner { get; init; }

    /// <summary>Every step doubles the job's share of the cluster. From -10 to 10.</summary>
    public int Priority { get; init; }

    /// <summary>Items per chunk; null: adapted to the measured time per item.</summary>
    public int? ChunkSize { get; init; }

    /// <summary>Labels that a node must have, with these values, to run the job.</summary>
    public IReadOnlyDictionary<string, string> Requires { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The first failing item ends the job.</summary>
    public bool StopOnError { get; init; }

    /// <summary>Run stragglers a second time where slots are idle. Not for pinned items.</summary>
    public bool Speculate { get; init; }

    /// <summary>How many items there will be, where known: lets chunks shrink in time towards the end.</summary>
    public ulong? ExpectedCount { get; init; }

    /// <summary>Item i runs on the node of the name at position i and nowhere else; null: anywhere.</summary>
    public IReadOnlyList<string>? PinnedNodes { get; init; }

    /// <summary>How many attempts at an item that are ended because their time is up make it fail. At least 1.</summary>
    public int MaxTimeouts { get; init; } = 1;

    /// <summary>Its items are processes of their own: what has begun is never begun again.</summary>
    public bool IsProcess { get; init; }

    /// <summary>How long items may wait while no node that may run them is attached.</summary>
    public TimeSpan NoNodesTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
