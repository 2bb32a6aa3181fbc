using Cluster.Coordinator.Scheduling;
using Cluster.Protocol;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Jobs;

/// <summary>What the scheduler needs to know of a job's spec.</summary>
internal static class JobTermsReader
{
    /// <summary>Reads a spec that <see cref="JobSpecValidator"/> has accepted.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="name">What people call the job.</param>
    /// <param name="owner">The client session that it belongs to.</param>
    public static JobTerms Read(JobSpec spec, string name, ulong owner)
    {
        var terms = new JobTerms
        {
            Name = name,
            Owner = owner,
            Priority = spec.Priority,
            ChunkSize = spec.Process ? 1 : spec.ChunkSize == 0 ? null : (int)spec.ChunkSize,
            IsProcess = spec.Process,
            Requires = spec.Requires,
            Speculate = spec.Speculate,
            StopOnError = spec.OnError == OnError.Stop,
            ExpectedCount = spec.HasExpectedCount ? spec.ExpectedCount : null,
            MaxTimeouts = spec.Retry is { } retry && RetryFilter.HandlesTimeouts(retry) ? (int)retry.MaxAttempts : 1,
            PinnedNodes = spec.PinNodes.Count == 0 ? null : spec.PinNodes,
        };
        return spec.NoNodesTimeout is not null && WireDuration.TryRead(spec.NoNodesTimeout, out var timeout) ? terms with { NoNodesTimeout = timeout } : terms;
    }
}
