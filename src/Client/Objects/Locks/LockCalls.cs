using System.Globalization;
using Cluster.Client.Objects.Handles;
using Cluster.Protocol.V1;

namespace Cluster.Client.Objects.Locks;

/// <summary>What locks of both kinds do alike.</summary>
internal static class LockCalls
{
    /// <summary>Acquires a lock that is not re-entrant.</summary>
    /// <returns>Null: not in time.</returns>
    public static async Task<LockLease?> AcquireAsync(ObjectHandle handle, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var acquired = await CallAsync(handle, 0, timeout, cancellationToken).ConfigureAwait(false);
        return acquired.Token == 0 ? null : new LockLease(handle, acquired, new ObjectRequest { LockRelease = new LockRelease { Token = acquired.Token } });
    }

    /// <summary>Acquires a re-entrant lock.</summary>
    /// <returns>Null: not in time.</returns>
    public static async Task<LockLease?> AcquireAsync(ObjectHandle handle, LockOwner owner, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var isHeld = false;
        try
        {
            var acquired = await CallAsync(handle, owner.Number, timeout, cancellationToken).ConfigureAwait(false);
            isHeld = acquired.Token != 0;

            // Whoever waited for a condition meanwhile holds it under another token.
            return isHeld ? new LockLease(handle, acquired, new ObjectRequest { LockRelease = new LockRelease { Owner = owner.Number } }, owner) : null;
        }
        finally
        {
            if (!isHeld)
            {
                owner.Leave();
            }
        }
    }

    public static TimeoutException NotInTime(ClusterObject what, TimeSpan? timeout) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{what} was not free within {timeout?.TotalSeconds:0.###} s."));

    private static async Task<LockAcquired> CallAsync(ObjectHandle handle, ulong owner, TimeSpan? timeout, CancellationToken cancellationToken) =>
        (await handle.CallAsync(new ObjectRequest { LockAcquire = new LockAcquire { Owner = owner } }.Within(timeout), cancellationToken).ConfigureAwait(false)).LockAcquired;
}
