using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Locks;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>A lock or a permit that is held. Dispose it to release it; releasing twice does nothing.</summary>
public sealed class LockLease : IAsyncDisposable
{
    private readonly ObjectHandle _handle;
    private readonly ObjectRequest _release;
    private readonly LockOwner? _owner;
    private int _released;

    internal LockLease(ObjectHandle handle, LockAcquired acquired, ObjectRequest release, LockOwner? owner = null)
    {
        (_handle, _release, _owner) = (handle, release, owner);
        (FencingToken, WasAbandoned) = ((long)acquired.Token, acquired.WasAbandoned);
    }

    /// <summary>Grows with every acquisition of the lock: who has the larger one came later. See <see cref="WriteOptions.Fence"/>.</summary>
    public long FencingToken { get; }

    /// <summary>The owner before lost the lock with the end of its process or connection: what it guards may be half changed.</summary>
    public bool WasAbandoned { get; }

    /// <summary>Releases it.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when it is free.</returns>
    /// <exception cref="SynchronizationLockException">It is not held any more: the session was lost.</exception>
    public async Task ReleaseAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            _owner?.Leave();
            await _handle.CallAsync(_release.Clone(), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="ReleaseAsync"/>
    public async ValueTask DisposeAsync() => await ReleaseAsync().ConfigureAwait(false);

    internal async Task<Fence> ToFenceAsync(CancellationToken cancellationToken) =>
        new() { Lock = await _handle.IdAsync(cancellationToken).ConfigureAwait(false), Token = (ulong)FencingToken };
}
