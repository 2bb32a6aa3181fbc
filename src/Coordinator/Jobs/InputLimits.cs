using Cluster.Protocol;

namespace Cluster.Coordinator.Jobs;

/// <summary>How much of a job's inputs is taken.</summary>
internal sealed record InputLimits
{
    /// <summary>How many bytes may be unanswered, as <see cref="Protocol.Batches.InFlightCharge"/> counts them; a single item may exceed it.</summary>
    public long MaxBytes { get; init; } = Limits.DefaultMaxBytesInFlight;

    /// <summary>How many items may be unanswered; one always.</summary>
    public long MaxItems { get; init; } = Limits.DefaultMaxItemsInFlight;

    /// <summary>The largest item, in bytes.</summary>
    public long MaxItemBytes { get; init; } = Limits.DefaultMaxItemBytes;

    /// <summary>How many items may come in all, where that is known.</summary>
    public ulong TotalItems { get; init; } = ulong.MaxValue;
}
