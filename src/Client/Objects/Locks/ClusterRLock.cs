using System.Text.Json.Serialization;
using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Locks;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>
/// A lock that its owner may acquire again: <c>multiprocessing.RLock</c>. The owner is the asynchronous flow that acquired it first, with what it calls; it is free
/// when it was released as often.
/// </summary>
[JsonConverter(typeof(SharedObjectConverter))]
public sealed class ClusterRLock : ClusterObject
{
    internal ClusterRLock(ObjectHandle handle)
        : base(handle)
    {
    }

    /// <summary>Acquires the lock.</summary>
    /// <param name="timeout">How long to wait. Default (null): for ever.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The lease: dispose it to release the lock once.</returns>
    /// <exception cref="TimeoutException">It was not free in time.</exception>
    public Task<LockLease> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        AcquireAsync(LockOwner.Enter(), timeout, cancellationToken);

    /// <summary>Acquires the lock if it is free, or this flow's already.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The lease; null: another has it.</returns>
    public Task<LockLease?> TryAcquireAsync(CancellationToken cancellationToken = default) => LockCalls.AcquireAsync(Handle, LockOwner.Enter(), TimeSpan.Zero, cancellationToken);

    /// <summary>Releases the lock once.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when that is done.</returns>
    /// <exception cref="SynchronizationLockException">This flow does not hold it.</exception>
    public async Task ReleaseAsync(CancellationToken cancellationToken = default)
    {
        await Handle.CallAsync(new ObjectRequest { LockRelease = new LockRelease { Owner = LockOwner.Current } }, cancellationToken).ConfigureAwait(false);
        LockOwner.LeaveCurrent();
    }

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"re-entrant lock '{Name}'" : "an anonymous re-entrant lock";

    private async Task<LockLease> AcquireAsync(LockOwner owner, TimeSpan? timeout, CancellationToken cancellationToken) =>
        await LockCalls.AcquireAsync(Handle, owner, timeout, cancellationToken).ConfigureAwait(false) ?? throw LockCalls.NotInTime(this, timeout);
}
