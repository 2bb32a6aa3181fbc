using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Jobs;

/// <summary>A job as far as lists are concerned: what it is found and ordered by, without asking the scheduler.</summary>
internal interface IListedJob
{
    /// <summary>What callers call it.</summary>
    string Id { get; }

    /// <summary>What people call it.</summary>
    string Name { get; }

    /// <summary>Who waits for it.</summary>
    JobKind Kind { get; }

    /// <summary>What it is doing.</summary>
    JobStatus State { get; }

    /// <summary>The submitter's own; none of a job that belongs to a call.</summary>
    IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>When it came.</summary>
    DateTimeOffset SubmittedAt { get; }
}
