using Cluster.Client.Objects.Exceptions;
using Cluster.Client.Objects.Sessions;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Client.Objects.Handles;

/// <summary>
/// A shared object as a client sees it: opened when it is made, and again where its session was lost and it has a name. Operations are sent in the order of the calls,
/// those that come before it is open included.
/// </summary>
internal sealed class ObjectHandle
{
    private readonly Lock _gate = new();
    private readonly ObjectOpen _open;
    private readonly ObjectHandle _root;
    private readonly Func<ObjectOpened, ulong> _id;

    // Of the root: operations that wait until it is open, and which of its objects they are for.
    private readonly List<(PendingRequest Request, Func<ObjectOpened, ulong> Id)> _waiting = [];
    private Task<ObjectOpened>? _opening;
    private ObjectOpened? _opened;
    private int _epoch;
    private bool _isReleased;

    /// <summary>A handle of an object of a kind and perhaps a name.</summary>
    public ObjectHandle(ObjectSession session, ObjectOpen open)
    {
        (Session, _open, _root, _id) = (session, open, this, static opened => opened.Object);
    }

    private ObjectHandle(ObjectHandle root, Func<ObjectOpened, ulong> id)
    {
        (Session, _open, _root, _id) = (root.Session, root._open, root, id);
        GC.SuppressFinalize(this);
    }

    // As in Python, what nobody has any more is given back.
    ~ObjectHandle()
    {
        if (_opened is { } opened && !_isReleased)
        {
            Session.Release(opened.Object, _epoch);
        }
    }

    /// <summary>Its name; empty: it has none.</summary>
    public string Name => _open.Name;

    /// <summary>It can be found again in another session.</summary>
    public bool OutlivesSession => _open.Name.Length > 0 || _open.Mode == OpenMode.Find;

    /// <summary>The session that it is used in.</summary>
    public ObjectSession Session { get; }

    /// <summary>Of a pipe: which end this is for.</summary>
    public PipeEnd End { get; private init; }

    /// <summary>Others in this process have it too, and nobody of them ends it.</summary>
    public bool IsShared { get; init; }

    /// <summary>What a task can open it with.</summary>
    public byte[] ToReference()
    {
        var open = _open.Clone();
        lock (_root._gate)
        {
            // Where it is not certain that it is there already, whoever comes first makes it.
            if (_root._opened is not null)
            {
                open.Mode = OpenMode.Find;
                if (open.OptionsCase == ObjectOpen.OptionsOneofCase.Cells)
                {
                    open.Cells.Initial.Clear();
                }
            }
        }

        return new ObjectReference { Open = open, LeftEnd = End == PipeEnd.Left, RightEnd = End == PipeEnd.Right }.ToByteArray();
    }

    /// <summary>What <see cref="ToReference"/> stands for, in the process of a task.</summary>
    /// <exception cref="InvalidOperationException">This process runs no tasks.</exception>
    public static ObjectHandle FromReference(byte[] bytes)
    {
        var reference = ObjectReference.Parser.ParseFrom(bytes);
        var handle = TaskCluster.Client.Connection.SharedObjects.Handles.Get(reference.Open).Open();
        return reference.LeftEnd ? handle.OfEnd(PipeEnd.Left) : reference.RightEnd ? handle.OfEnd(PipeEnd.Right) : handle;
    }

    /// <summary>The same object, for one end of a pipe.</summary>
    public ObjectHandle OfEnd(PipeEnd end) => new(_root, _root._id) { End = end };

    /// <summary>Gives the reference back.</summary>
    public async Task ReleaseAsync()
    {
        if (!_root.IsShared)
        {
            _root._isReleased = true;
            try
            {
                await TryCallAsync(new ObjectRequest { Release = new ObjectRelease() }, CancellationToken.None).ConfigureAwait(false);
            }
            catch (ObjectSessionLostException)
            {
                // The reference went with the session.
            }
        }
    }

    /// <summary>Another object that came with this one.</summary>
    public ObjectHandle Part(Func<ObjectOpened, ulong> id) => new(this, id);

    /// <summary>Begins to open it. Whether that can be done, the first operation tells.</summary>
    public ObjectHandle Open()
    {
        lock (_gate)
        {
            _ = OpenIfNeeded_NeedsLock();
        }

        return this;
    }

    /// <summary>Its id, once it is open.</summary>
    /// <exception cref="ClusterException">It cannot be opened.</exception>
    public async Task<ulong> IdAsync(CancellationToken cancellationToken)
    {
        Task<ObjectOpened> opening;
        lock (_root._gate)
        {
            opening = _root.OpenIfNeeded_NeedsLock();
        }

        return _id(await opening.WaitAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Whether both are of the same object, as far as can be told here.</summary>
    public bool IsSame(ObjectHandle other) => Name == other.Name && _open.Key == other._open.Key;

    /// <summary>Sends a request, after those that were sent before.</summary>
    public void Send(PendingRequest pending) => _root.Send(pending, _id);

    /// <summary>Has an operation carried out, and throws what it says if that is an error.</summary>
    public async Task<ObjectReply> CallAsync(ObjectRequest request, CancellationToken cancellationToken) =>
        (await TryCallAsync(request, cancellationToken).ConfigureAwait(false)).OrThrow();

    /// <summary>Has an operation carried out; errors are for the caller to see.</summary>
    public async Task<ObjectReply> TryCallAsync(ObjectRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new SingleRequest(request);
        _root.Send(pending, _id);
        var reply = await pending.WaitAsync(Session, cancellationToken).ConfigureAwait(false);
        GC.KeepAlive(_root);
        return reply;
    }

    /// <summary>Has a change carried out: whoever made it sees it in the replicas of this client.</summary>
    public async Task<ObjectReply> ChangeAsync(ObjectRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new SingleRequest(request);
        _root.Send(pending, _id);
        var reply = (await pending.WaitAsync(Session, cancellationToken).ConfigureAwait(false)).OrThrow();
        GC.KeepAlive(_root);
        await Session.Replicas.CatchUpAsync(this, reply.Revision, pending.Incarnation, cancellationToken).ConfigureAwait(false);
        return reply;
    }

    /// <summary>Asks for the latest revision there is, and the history that it belongs to. Only for dictionaries.</summary>
    public async Task<(ulong Revision, string Incarnation)> AskRevisionAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new SingleRequest(new ObjectRequest { DictCount = new DictCount() });
        _root.Send(pending, _id);
        var reply = (await pending.WaitAsync(Session, cancellationToken).ConfigureAwait(false)).OrThrow();
        GC.KeepAlive(_root);
        return (reply.Revision, pending.Incarnation);
    }

    /// <summary>The same for an operation whose answer takes several replies.</summary>
    public async Task<IReadOnlyList<ObjectReply>> CallAsync(ObjectRequest request, Func<ObjectReply, bool> hasMore, CancellationToken cancellationToken)
    {
        var pending = new PagedRequest(request, hasMore);
        _root.Send(pending, _id);
        var replies = await pending.Replies.WaitAsync(cancellationToken).ConfigureAwait(false);
        GC.KeepAlive(_root);
        replies[^1].OrThrow();
        return replies;
    }

    // Under the lock, so that the session gets requests in the order of the calls.
    private void Send(PendingRequest pending, Func<ObjectOpened, ulong> id)
    {
        lock (_gate)
        {
            while (true)
            {
                _ = OpenIfNeeded_NeedsLock();
                if (_opened is not { } opened)
                {
                    pending.IsReady = false;
                    _waiting.Add((pending, id));
                    Session.Send(pending);
                    return;
                }

                // To another session the id may mean another object.
                if (_epoch != Session.Epoch)
                {
                    break;
                }

                pending.Aim(id(opened));
                if (Session.TrySend(pending, _epoch))
                {
                    return;
                }
            }
        }

        pending.Fail(Session.Lost());
    }

    private Task<ObjectOpened> OpenIfNeeded_NeedsLock()
    {
        if (_opening is null || _opening.IsFaulted || (_opened is not null && _epoch != Session.Epoch && OutlivesSession))
        {
            var pending = new SingleRequest(new ObjectRequest { Open = _open.Clone() });
            (_opened, _epoch) = (null, Session.Send(pending));
            _opening = OpenAsync(pending);

            // Who uses the object hears of it; nobody has to.
            _ = _opening.ContinueWith(
                static opening => opening.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        return _opening;
    }

    private async Task<ObjectOpened> OpenAsync(SingleRequest pending)
    {
        try
        {
            var opened = (await pending.Reply.ConfigureAwait(false)).OrThrow().Opened;
            lock (_gate)
            {
                _opened = opened;
                foreach (var (request, id) in _waiting)
                {
                    request.Aim(id(opened));
                }

                Session.Release([.. _waiting.Select(static waiting => waiting.Request)]);
                _waiting.Clear();
            }

            return opened;
        }
        catch (Exception exception)
        {
            lock (_gate)
            {
                Session.Drop([.. _waiting.Select(static waiting => waiting.Request)], exception);
                _waiting.Clear();
            }

            throw;
        }
    }
}
