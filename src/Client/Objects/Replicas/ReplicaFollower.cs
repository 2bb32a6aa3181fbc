using Cluster.Client.Connection;
using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Watching;
using Cluster.Protocol.Sessions;

namespace Cluster.Client.Objects.Replicas;

/// <summary>
/// Keeps a replica up to date: takes portion after portion from its feed, one at a time and never on the session's own loop, and knows who waits for which revision.
/// </summary>
internal sealed class ReplicaFollower : IDisposable
{
    // After the client itself has given up to dial.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<RevisionWait, ulong> _waits = new();
    private readonly ChangeFeed _feed;
    private readonly Action<FeedPortion> _apply;
    private readonly Action _ended;
    private readonly ITimer _retry;
    private Exception? _end;
    private ulong _revision;
    private string? _incarnation;
    private Wakes _wakes;
    private volatile bool _hasContent;
    private volatile bool _isWaitingToRetry;

    /// <summary>A follower, which begins at once.</summary>
    /// <param name="handle">The dictionary.</param>
    /// <param name="apply">Makes a portion visible.</param>
    /// <param name="ended">Called when the replica is kept up to date no more: it must not be read on as if it were.</param>
    public ReplicaFollower(ObjectHandle handle, Action<FeedPortion> apply, Action ended)
    {
        (Handle, _apply, _ended) = (handle, apply, ended);
        _feed = new ChangeFeed(handle, from: 0, content: true, Wake);
        _retry = handle.Session.TimeProvider.CreateTimer(static state => ((ReplicaFollower)state!).Retry(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        handle.Session.Replicas.Add(this);
        Wake();
    }

    /// <summary>What it follows.</summary>
    public ObjectHandle Handle { get; }

    /// <summary>Why it has ended; null: it has not.</summary>
    public Exception? Ended => Volatile.Read(ref _end);

    /// <summary>It has a connection, or will have one soon.</summary>
    public bool IsFollowing => Ended is null && !_isWaitingToRetry;

    /// <summary>See <see cref="ChangeFeed.Told"/>. Whoever waits for it wakes this up.</summary>
    public void Told(ulong revision) => _feed.Told(revision);

    /// <summary>Waits until the replica has a revision.</summary>
    /// <param name="revision">The revision.</param>
    /// <param name="incarnation">The history that it belongs to; null: whichever, and wait on while there is no connection.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>False: the replica has ended, or has begun anew, or has no connection.</returns>
    public async ValueTask<bool> ReachAsync(ulong revision, string? incarnation, CancellationToken cancellationToken)
    {
        // Perhaps it only has to be taken, which may as well be done here.
        Pump();
        var wait = new RevisionWait(revision, incarnation);
        lock (_gate)
        {
            if (Has_NeedsLock(wait))
            {
                return true;
            }

            if (_end is not null || (incarnation is not null && (_isWaitingToRetry || incarnation != Handle.Session.Incarnation)))
            {
                return false;
            }

            _waits.Enqueue(wait, revision);
        }

        // What was told before, nobody may have been woken for.
        Wake();
        var begin = Handle.Session.TimeProvider.GetTimestamp();
        try
        {
            var has = await wait.Done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (has)
            {
                ClientMetrics.CaughtUp(Handle.Session.TimeProvider.GetElapsedTime(begin));
            }

            return has;
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                _waits.Remove(wait, out _, out _);
            }

            throw;
        }
    }

    /// <summary>Tries at once what would be tried a little later.</summary>
    public void Retry()
    {
        if (_isWaitingToRetry)
        {
            _feed.Retry();
            _isWaitingToRetry = false;
            Wake();
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => End(new ObjectDisposedException(typeof(ClusterReplica<,>).FullName, "The replica is disposed."));

    private void Wake()
    {
        if (_wakes.Add())
        {
            ThreadPool.UnsafeQueueUserWorkItem(static follower => follower.Run(), this, preferLocal: false);
        }
    }

    private void Pump()
    {
        if (_wakes.TryBegin())
        {
            Run();
        }
    }

    // One at a time: whoever wakes it while it runs has it run again.
    private void Run()
    {
        int seen;
        do
        {
            seen = _wakes.Seen;
            Drain();
        }
        while (_wakes.HasMore(seen));
    }

    private void Drain()
    {
        try
        {
            while (_end is null && _feed.Take() is { } portion)
            {
                _apply(portion);
                Reached(portion);
            }
        }
#pragma warning disable CA1031 // A key that cannot be read, most of all: whoever reads the replica must hear of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            End(exception);
            return;
        }

        if (_feed.Failure is { } failure)
        {
            if (_hasContent && failure is ClusterException { IsTransient: true } and not ObjectSessionLostException)
            {
                Pause();
            }
            else
            {
                End(failure);
            }
        }
    }

    private void Reached(FeedPortion portion)
    {
        lock (_gate)
        {
            (_revision, _incarnation) = (portion.Revision, portion.Incarnation);
            _hasContent |= portion.IsContent;
            while (_waits.TryPeek(out var wait, out _) && wait.Revision <= _revision)
            {
                _waits.Dequeue();
                wait.Done.TrySetResult(Has_NeedsLock(wait));
            }

            if (portion.IsContent)
            {
                // Revisions may have begun anew, and what was waited for may never come.
                LookAgain_NeedsLock();
            }
        }
    }

    private void LookAgain_NeedsLock()
    {
        var waits = _waits.UnorderedItems.ToArray();
        _waits.Clear();
        foreach (var (wait, revision) in waits)
        {
            if (wait.Incarnation is null)
            {
                _waits.Enqueue(wait, revision);
            }
            else
            {
                wait.Done.TrySetResult(false);
            }
        }
    }

    private bool Has_NeedsLock(RevisionWait wait) => _hasContent && _revision >= wait.Revision && (wait.Incarnation is null || wait.Incarnation == _incarnation);

    private void Pause()
    {
        lock (_gate)
        {
            if (_end is not null || _isWaitingToRetry)
            {
                return;
            }

            _isWaitingToRetry = true;
            _retry.Change(RetryAfter, Timeout.InfiniteTimeSpan);
            LookAgain_NeedsLock();
        }
    }

    private void End(Exception exception)
    {
        if (Interlocked.CompareExchange(ref _end, exception, null) is not null)
        {
            return;
        }

        // Whoever is told of the end finds it when he looks.
        _ended();
        lock (_gate)
        {
            while (_waits.TryDequeue(out var wait, out _))
            {
                wait.Done.TrySetResult(false);
            }
        }

        Handle.Session.Replicas.Remove(this);
        _retry.Dispose();
        _feed.Dispose();
    }
}
