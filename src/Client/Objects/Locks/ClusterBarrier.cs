using System.Text.Json.Serialization;
using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Locks;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>A point that a number of tasks reach together: <c>multiprocessing.Barrier</c>.</summary>
[JsonConverter(typeof(SharedObjectConverter))]
public sealed class ClusterBarrier : ClusterObject
{
    internal ClusterBarrier(ObjectHandle handle)
        : base(handle)
    {
    }

    /// <summary>Waits until as many wait as the barrier has parties.</summary>
    /// <param name="timeout">How long; if that is not enough the barrier breaks, for all. Default (null): what the barrier was made with.</param>
    /// <param name="cancellationToken">Cancels the wait, and breaks the barrier.</param>
    /// <returns>A number from 0 on that each of them gets once: in the order in which they came.</returns>
    /// <exception cref="BarrierBrokenException">Someone did not make it.</exception>
    public async Task<int> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        (int)(await Handle.CallAsync(new ObjectRequest { BarrierWait = new BarrierWait() }.Within(timeout), cancellationToken).ConfigureAwait(false)).Index;

    /// <summary>Breaks the barrier: all who wait, and all who come, are told.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when it is broken.</returns>
    public Task AbortAsync(CancellationToken cancellationToken = default) => Handle.CallAsync(new ObjectRequest { BarrierAbort = new BarrierAbort() }, cancellationToken);

    /// <summary>Makes the barrier as new; those who wait are told that it broke.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when it is as new.</returns>
    public Task ResetAsync(CancellationToken cancellationToken = default) => Handle.CallAsync(new ObjectRequest { BarrierReset = new BarrierReset() }, cancellationToken);

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"barrier '{Name}'" : "an anonymous barrier";
}
