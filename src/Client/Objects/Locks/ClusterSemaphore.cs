using System.Text.Json.Serialization;
using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Locks;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>Permits that all processes of a cluster share: <c>multiprocessing.Semaphore</c> and <c>BoundedSemaphore</c>. Permits of a session that ends are free again.</summary>
[JsonConverter(typeof(SharedObjectConverter))]
public sealed class ClusterSemaphore : ClusterObject
{
    internal ClusterSemaphore(ObjectHandle handle)
        : base(handle)
    {
    }

    /// <summary>Takes a permit.</summary>
    /// <param name="timeout">How long to wait. Default (null): for ever.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The lease: dispose it to give the permit back.</returns>
    /// <exception cref="TimeoutException">None was free in time.</exception>
    public async Task<LockLease> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        await TakeAsync(timeout, cancellationToken).ConfigureAwait(false) ?? throw LockCalls.NotInTime(this, timeout);

    /// <summary>Takes a permit if one is free.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The lease; null: none is free.</returns>
    public Task<LockLease?> TryAcquireAsync(CancellationToken cancellationToken = default) => TakeAsync(TimeSpan.Zero, cancellationToken);

    /// <summary>Adds permits.</summary>
    /// <param name="count">How many. Default: 1.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when they are there.</returns>
    /// <exception cref="InvalidOperationException">It is bounded, and had as many as it began with.</exception>
    public Task ReleaseAsync(int count = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Handle.CallAsync(new ObjectRequest { SemaphoreRelease = new SemaphoreRelease { Count = (uint)count } }, cancellationToken);
    }

    /// <summary>How many permits are free.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The number.</returns>
    public async Task<long> GetValueAsync(CancellationToken cancellationToken = default) =>
        (long)(await Handle.CallAsync(new ObjectRequest { SemaphoreStatus = new SemaphoreStatus() }, cancellationToken).ConfigureAwait(false)).SemaphoreState.Value;

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"semaphore '{Name}'" : "an anonymous semaphore";

    private async Task<LockLease?> TakeAsync(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var request = new ObjectRequest { SemaphoreAcquire = new SemaphoreAcquire() }.Within(timeout);
        var acquired = (await Handle.CallAsync(request, cancellationToken).ConfigureAwait(false)).LockAcquired;
        return acquired.Token == 0 ? null : new LockLease(Handle, acquired, new ObjectRequest { SemaphoreRelease = new SemaphoreRelease() });
    }
}
