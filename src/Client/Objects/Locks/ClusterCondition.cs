using System.Diagnostics;
using System.Text.Json.Serialization;
using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Locks;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>
/// A re-entrant lock with which tasks wait for each other's changes: <c>multiprocessing.Condition</c>. Waiting and notifying need the lock, of the same asynchronous flow.
/// </summary>
[JsonConverter(typeof(SharedObjectConverter))]
public sealed class ClusterCondition : ClusterObject
{
    private readonly ObjectHandle _lock;

    internal ClusterCondition(ObjectHandle handle)
        : base(handle) => _lock = handle.Part(static opened => opened.Condition.Lock);

    /// <summary>Acquires the condition's lock.</summary>
    /// <param name="timeout">How long to wait. Default (null): for ever.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The lease: dispose it to release the lock.</returns>
    /// <exception cref="TimeoutException">It was not free in time.</exception>
    public Task<LockLease> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => AcquireAsync(LockOwner.Enter(), timeout, cancellationToken);

    /// <summary>Releases the lock, waits to be notified, and acquires the lock again, however long that takes.</summary>
    /// <param name="timeout">How long to wait to be notified. Default (null): for ever.</param>
    /// <param name="cancellationToken">Cancels the wait; the lock is acquired again first.</param>
    /// <returns>Whether it was notified in time.</returns>
    /// <exception cref="SynchronizationLockException">This flow does not hold the lock.</exception>
    public Task<bool> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => WaitAsync(LockOwner.Current, timeout, cancellationToken);

    /// <summary>Waits until something is true. It is looked at with the lock held, at once and after every notification.</summary>
    /// <param name="predicate">What is to become true.</param>
    /// <param name="timeout">How long to wait, all in all. Default (null): for ever.</param>
    /// <param name="cancellationToken">Cancels the wait; the lock is acquired again first.</param>
    /// <returns>Whether it is true.</returns>
    /// <exception cref="SynchronizationLockException">This flow does not hold the lock.</exception>
    public Task<bool> WaitForAsync(Func<Task<bool>> predicate, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return WaitForAsync(LockOwner.Current, predicate, timeout, cancellationToken);
    }

    /// <inheritdoc cref="WaitForAsync(Func{Task{bool}}, TimeSpan?, CancellationToken)"/>
    public Task<bool> WaitForAsync(Func<bool> predicate, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return WaitForAsync(LockOwner.Current, () => Task.FromResult(predicate()), timeout, cancellationToken);
    }

    /// <summary>Wakes those who have waited longest.</summary>
    /// <param name="count">How many. Default: 1.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="SynchronizationLockException">This flow does not hold the lock.</exception>
    public Task<int> NotifyAsync(int count = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return NotifyAsync(new ConditionNotify { Owner = LockOwner.Current, Count = (uint)count }, cancellationToken);
    }

    /// <summary>Wakes all who wait.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="SynchronizationLockException">This flow does not hold the lock.</exception>
    public Task<int> NotifyAllAsync(CancellationToken cancellationToken = default) => NotifyAsync(new ConditionNotify { Owner = LockOwner.Current, All = true }, cancellationToken);

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"condition '{Name}'" : "an anonymous condition";

    private async Task<LockLease> AcquireAsync(LockOwner owner, TimeSpan? timeout, CancellationToken cancellationToken) =>
        await LockCalls.AcquireAsync(_lock, owner, timeout, cancellationToken).ConfigureAwait(false) ?? throw LockCalls.NotInTime(this, timeout);

    private async Task<bool> WaitAsync(ulong owner, TimeSpan? timeout, CancellationToken cancellationToken) =>
        (await Handle.CallAsync(new ObjectRequest { ConditionWait = new ConditionWait { Owner = owner } }.Within(timeout), cancellationToken).ConfigureAwait(false)).ConditionWaited.Notified;

    private async Task<bool> WaitForAsync(ulong owner, Func<Task<bool>> predicate, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await predicate().ConfigureAwait(false))
        {
            var left = timeout - Stopwatch.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero || !await WaitAsync(owner, left, cancellationToken).ConfigureAwait(false))
            {
                return await predicate().ConfigureAwait(false);
            }
        }

        return true;
    }

    private async Task<int> NotifyAsync(ConditionNotify notify, CancellationToken cancellationToken) =>
        (int)(await Handle.CallAsync(new ObjectRequest { ConditionNotify = notify }, cancellationToken).ConfigureAwait(false)).Count;
}
