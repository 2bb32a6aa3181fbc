using System.Collections.ObjectModel;

namespace Cluster.Coordinator.Scheduling;

/// <summary>What a node offers when it attaches.</summary>
internal sealed record NodeTerms
{
    /// <summary>Unique among the attached nodes; pinned items name it.</summary>
    public required string Name { get; init; }

    /// <summary>How many chunks it runs at once; at least 1.</summary>
    public required int Slots { get; init; }

    /// <summary>How many more chunks it takes ahead, so that no slot waits for the network.</summary>
    public int Prefetch { get; init; }

    /// <summary>It runs processes, and nothing else does.</summary>
    public bool ForProcesses { get; init; }

    /// <summary>What jobs may require of it.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
