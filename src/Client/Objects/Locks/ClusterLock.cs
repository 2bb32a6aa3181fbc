using System.Text.Json.Serialization;
using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Locks;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>
/// A lock that all processes of a cluster share: <c>multiprocessing.Lock</c>. Who waits is served in the order of arrival. It belongs to a session: when its owner
/// dies, or is out of reach for longer than its lease, it is released and the next owner is told (<see cref="LockLease.WasAbandoned"/>).
/// </summary>
[JsonConverter(typeof(SharedObjectConverter))]
public sealed class ClusterLock : ClusterObject
{
    internal ClusterLock(ObjectHandle handle)
        : base(handle)
    {
    }

    /// <summary>Acquires the lock.</summary>
    /// <param name="timeout">How long to wait. Default (null): for ever.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The lease: dispose it to release the lock.</returns>
    /// <exception cref="TimeoutException">It was not free in time.</exception>
    public async Task<LockLease> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        await LockCalls.AcquireAsync(Handle, timeout, cancellationToken).ConfigureAwait(false) ?? throw LockCalls.NotInTime(this, timeout);

    /// <summary>Acquires the lock if it is free.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The lease; null: another has it.</returns>
    public Task<LockLease?> TryAcquireAsync(CancellationToken cancellationToken = default) => LockCalls.AcquireAsync(Handle, TimeSpan.Zero, cancellationToken);

    /// <summary>Releases the lock, whoever holds it, as in Python.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when it is free.</returns>
    /// <exception cref="SynchronizationLockException">Nobody holds it.</exception>
    public Task ReleaseAsync(CancellationToken cancellationToken = default) => Handle.CallAsync(new ObjectRequest { LockRelease = new LockRelease() }, cancellationToken);

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"lock '{Name}'" : "an anonymous lock";
}
