using Cluster.Client.Functions;
using Cluster.Protocol.V1;

namespace Cluster.Client.Jobs;

/// <summary>What a job is to do, before its items.</summary>
internal sealed record JobRequest
{
    public required JobSpec Spec { get; init; }

    /// <summary>The code that the coordinator must have, and where it is on this machine.</summary>
    public required IReadOnlyList<LocalCodeFile> Code { get; init; }

    /// <summary>Of a function by name: which one, to be found before the job is opened. Null: the spec says it.</summary>
    public NamedTarget? Target { get; init; }

    public Action<OutputLine>? OnOutput { get; init; }

    public IProgress<JobProgress>? OnProgress { get; init; }

    public long? Total { get; init; }

    /// <summary>Whether its items are tasks that were submitted one by one.</summary>
    public bool IsShared { get; init; }
}
