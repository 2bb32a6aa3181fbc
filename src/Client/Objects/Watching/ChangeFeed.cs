using Cluster.Client.Objects.Handles;
using Cluster.Protocol.V1;

namespace Cluster.Client.Objects.Watching;

/// <summary>
/// What happens in a dictionary, for one reader, without gaps and repetitions. Goes on over broken connections, and over lost sessions where the dictionary has a
/// name. Holds a bounded amount: when the reader is too slow it ends the watch, and watches again from there when the reader has taken everything. Asks for the
/// whole content where changes are not known any more, or where revisions mean nothing any more.
/// </summary>
internal sealed class ChangeFeed : IDisposable
{
    // Less than what the coordinator keeps of a dictionary's history: who has fallen behind can go on from there.
    private const int MostChanges = 4096;
    private const long MostBytes = 1 << 20;
    private const int ChangeBytes = 64;

    private readonly Lock _gate = new();
    private readonly ObjectHandle _handle;
    private readonly Action _available;
    private readonly Queue<FeedPortion> _portions = new();
    private List<DictChange>? _content;
    private WatchRequest? _request;
    private Exception? _failure;
    private (ulong Object, string Incarnation)? _history;
    private int _changes;
    private long _bytes;
    private ulong _next;
    private ulong _told;
    private ulong _taken;
    private bool _wantsContent;
    private bool _isDisposed;

    /// <summary>A feed that begins when it is first asked.</summary>
    /// <param name="handle">The dictionary.</param>
    /// <param name="from">The first revision of interest; 0: from now on.</param>
    /// <param name="content">Begin with the whole content.</param>
    /// <param name="available">Called when there may be something to take. Must not wait.</param>
    public ChangeFeed(ObjectHandle handle, ulong from, bool content, Action available)
    {
        (_handle, _next, _wantsContent, _available) = (handle, from, content, available);
    }

    /// <summary>Why nothing more comes; null: something may come.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_gate)
            {
                return _portions.Count == 0 ? _failure : null;
            }
        }
    }

    /// <summary>The next portion.</summary>
    /// <returns>Null: there is none for now.</returns>
    public FeedPortion? Take()
    {
        WatchRequest request;
        lock (_gate)
        {
            if (_portions.TryDequeue(out var portion))
            {
                _changes -= portion.Changes.Count;
                _bytes -= Size(portion.Changes);
                _taken = portion.Revision;
                return portion;
            }

            if (_told > _taken)
            {
                _taken = _told;
                return new FeedPortion([], IsContent: false, _told, _history!.Value.Incarnation);
            }

            if (_request is not null || _failure is not null || _isDisposed)
            {
                return null;
            }

            request = _request = new WatchRequest(this);
        }

        try
        {
            _handle.Send(request);
        }
        catch (ObjectDisposedException exception)
        {
            End(request, exception);
        }

        if (!IsFedBy(request))
        {
            // Disposed in the meantime, by somebody who could not yet call it off.
            _handle.Session.Cancel(request);
        }

        return null;
    }

    /// <summary>Tries again after a failure.</summary>
    public void Retry()
    {
        lock (_gate)
        {
            _failure = null;
        }
    }

    /// <summary>Something else was answered at a revision: the watch, if it is under way, has told everything up to it.</summary>
    public void Told(ulong revision)
    {
        lock (_gate)
        {
            if (_request is { IsStanding: true } && _content is null)
            {
                Reach(revision);
            }
        }
    }

    /// <summary>Whether the feed is still interested in a request.</summary>
    public bool IsFedBy(WatchRequest request)
    {
        lock (_gate)
        {
            return _request == request;
        }
    }

    /// <summary>A request is about to be sent, for the first time or again.</summary>
    /// <returns>What to ask for.</returns>
    public DictWatch Begin(WatchRequest request)
    {
        lock (_gate)
        {
            _content = null;

            // Another object of the same name, or a coordinator that has lost its objects: its revisions have nothing to do with those that were told.
            var isStrange = _history is { } history && history != (request.Request.Object, _handle.Session.Incarnation);
            return _wantsContent || isStrange ? new DictWatch { Snapshot = true } : new DictWatch { FromRevision = _next };
        }
    }

    /// <summary>A reply has come.</summary>
    public void Receive(WatchRequest request, ObjectReply reply)
    {
        var isTooMuch = false;
        lock (_gate)
        {
            if (_request != request)
            {
                return;
            }

            _history = (request.Request.Object, _handle.Session.Incarnation);
            var news = reply.DictChanges;
            if (news.Snapshot)
            {
                ReceiveContent_NeedsLock(reply.Revision, news);
            }
            else if (news.Changes.Count > 0)
            {
                isTooMuch = _portions.Count > 0 && (_changes + news.Changes.Count > MostChanges || _bytes + Size(news.Changes) > MostBytes);
                if (isTooMuch)
                {
                    // What was dropped comes again.
                    _request = null;
                }
                else
                {
                    Add_NeedsLock(new FeedPortion(news.Changes, IsContent: false, news.More ? news.Changes[^1].Revision : reply.Revision, _history.Value.Incarnation));
                }
            }
            else if (!news.More)
            {
                Reach(reply.Revision);
            }
        }

        if (isTooMuch)
        {
            _handle.Session.Cancel(request);
        }

        _available();
    }

    /// <summary>A request was answered for the last time, or never will be.</summary>
    public void End(WatchRequest request, Exception exception)
    {
        lock (_gate)
        {
            if (_request != request)
            {
                return;
            }

            (_request, _content) = (null, null);
            _failure = exception is ObjectSessionLostException && _handle.OutlivesSession ? null : exception;
        }

        _available();
    }

    /// <summary>Ends the watch.</summary>
    public void Dispose()
    {
        WatchRequest? request;
        lock (_gate)
        {
            _isDisposed = true;
            (request, _request, _content) = (_request, null, null);
            _portions.Clear();
        }

        if (request is not null)
        {
            _handle.Session.Cancel(request);
        }
    }

    private static long Size(IReadOnlyList<DictChange> changes)
    {
        var bytes = 0L;
        for (var i = 0; i < changes.Count; i++)
        {
            bytes += ChangeBytes + (changes[i].Key?.Data.Length ?? 0) + (changes[i].Value?.Data.Length ?? 0);
        }

        return bytes;
    }

    private void ReceiveContent_NeedsLock(ulong revision, DictChanges page)
    {
        _content ??= [];
        _content.AddRange(page.Changes);
        if (page.More)
        {
            return;
        }

        // Revisions may begin anew.
        _told = 0;
        Add_NeedsLock(new FeedPortion(_content, IsContent: true, revision, _history!.Value.Incarnation));
        (_content, _wantsContent) = (null, false);
    }

    private void Add_NeedsLock(FeedPortion portion)
    {
        _portions.Enqueue(portion);
        _changes += portion.Changes.Count;
        _bytes += Size(portion.Changes);
        Reach(portion.Revision);
    }

    private void Reach(ulong revision)
    {
        _told = Math.Max(_told, revision);
        _next = _told + 1;
    }
}
