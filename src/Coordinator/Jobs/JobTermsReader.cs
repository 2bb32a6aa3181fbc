using Cluster.Coordinator.Scheduling;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Jobs;

/// <summary>What the scheduler needs to know of a job's spec.</summary>
internal static class JobTermsReader
{
    /// <summary>Reads a spec that <see cref="JobSpecValidator"/> has accepted.</summary>
    public static JobTerms Read(JobSession job)
    {
        var spec = job.Spec;
        var terms = new JobTerms
        {
            Name = job.Name,
            Owner = job.Owner,
            Priority = spec.Priority,
            ChunkSize = spec.ChunkSize == 0 ? null : (int)spec.ChunkSize,
            Requires = spec.Requires,
            StopOnError = spec.OnError == OnError.Stop,
            ExpectedCount = spec.HasExpectedCount ? spec.ExpectedCount : null,
            PinnedNodes = spec.PinNodes.Count == 0 ? null : spec.PinNodes,
        };
        return spec.NoNodesTimeout is { } timeout ? terms with { NoNodesTimeout = timeout.ToTimeSpan() } : terms;
    }
}
