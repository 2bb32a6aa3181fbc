using Cluster.Client.Objects.Handles;

namespace Cluster.Client.Objects.Replicas;

/// <summary>The replicas that a session feeds.</summary>
internal sealed class ReplicaSet
{
    private readonly Lock _gate = new();

    // Replaced, never changed: it is looked at with every reply.
    private ReplicaFollower[] _followers = [];

    /// <summary>One more.</summary>
    public void Add(ReplicaFollower follower)
    {
        lock (_gate)
        {
            _followers = [.. _followers, follower];
        }
    }

    /// <summary>One less.</summary>
    public void Remove(ReplicaFollower follower)
    {
        lock (_gate)
        {
            _followers = [.. _followers.Where(each => each != follower)];
        }
    }

    /// <summary>Something was answered at a revision.</summary>
    public void Told(ulong revision)
    {
        foreach (var follower in Volatile.Read(ref _followers))
        {
            follower.Told(revision);
        }
    }

    /// <summary>Waits until the replicas of an object have what was answered at a revision: whoever wrote it sees it there.</summary>
    /// <param name="handle">The object.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="incarnation">The history that it belongs to.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async ValueTask CatchUpAsync(ObjectHandle handle, ulong revision, string incarnation, CancellationToken cancellationToken)
    {
        foreach (var follower in Volatile.Read(ref _followers))
        {
            // A replica that is out of reach is behind, and everybody knows: writes do not wait for it.
            while (follower.Handle.IsSame(handle) && follower.IsFollowing && handle.Session.Incarnation == incarnation)
            {
                if (await follower.ReachAsync(revision, incarnation, cancellationToken).ConfigureAwait(false))
                {
                    break;
                }
            }
        }
    }
}
