using System.Collections.Concurrent;
using Cluster.Coordinator.Dispatch;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Sharing;

/// <summary>One stream of a session with the shared objects. Replies gather in it while the loop works, and go out in as few messages as possible.</summary>
internal sealed class ObjectConnection
{
    // A message with several replies; a reply of its own may be larger, and is still within what gRPC takes.
    private const int MessageBytes = 1 << 20;

    // Not sent: beyond, no further requests are read, and then a watcher that does not read is given up. A content that was asked for is as large as it is: it does not count there.
    private const long PauseBytes = 8 << 20;
    private const long GiveUpBytes = 64 << 20;

    private readonly TaskCompletionSource<Status> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private ObjectReplies _gathered = new();
    private readonly ConcurrentQueue<long> _contents = new();
    private long _gatheredBytes;
    private long _gatheredContent;
    private long _unsent;
    private long _unsentContent;
    private TaskCompletionSource? _room;

    public ObjectConnection(IAsyncStreamWriter<ObjectReplies> replies)
    {
        Outbox = new Outbox<ObjectReplies>(replies, Sent);
    }

    /// <summary>Its one writer.</summary>
    public Outbox<ObjectReplies> Outbox { get; }

    /// <summary>The session that it belongs to; for the loop.</summary>
    public ulong Session { get; set; }

    /// <summary>All replies below have been received, as the client said, and the machine does not know; for the loop.</summary>
    public ulong Acknowledged { get; private set; }

    /// <summary>The same of later replies.</summary>
    public RangeSet Received { get; } = new();

    /// <summary>Notes what its client has received; for the loop.</summary>
    /// <returns>False: it says what cannot be, and its call is about to end.</returns>
    public bool TryNote(ObjectRequests message)
    {
        if (message.Received.FirstOrDefault(static range => range.First == 0 || range.Last < range.First || range.Last == ulong.MaxValue) is { } wrong)
        {
            End(StatusCode.InvalidArgument, $"`received` has the numbers {wrong.First} to {wrong.Last}: the first is at least 1, and the last not below it.");
            return false;
        }

        Acknowledged = Math.Max(Acknowledged, message.Acknowledged);
        Note(message.Received);
        return true;
    }

    /// <summary>Notes what could not be written down.</summary>
    public void Note(IEnumerable<NumberRange> received)
    {
        foreach (var range in received)
        {
            Received.Add(ItemRange.Between(range.First, range.Last + 1));
        }
    }

    /// <summary>Takes what was noted.</summary>
    public (ulong Below, NumberRange[] Received) TakeNoted()
    {
        NumberRange[] ranges = [.. Enumerable.Range(0, Received.RangeCount).Select(i => new NumberRange { First = Received[i].First, Last = Received[i].End - 1 })];
        var below = Acknowledged;
        Acknowledged = 0;
        Received.Clear();
        return (below, ranges);
    }

    /// <summary>Replies have been gathered; for the loop.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Done, with the reason, when the call is to end.</summary>
    public Task<Status> Ended => _ended.Task;

    /// <summary>The call is to end; the first reason counts.</summary>
    public void End(StatusCode code, string reason) => _ended.TrySetResult(new Status(code, reason));

    /// <summary>Adds a reply to those that go out together.</summary>
    /// <returns>True: the caller has to see to it that <see cref="Outbox"/> writes.</returns>
    public bool Add(ObjectReply reply)
    {
        var bytes = reply.CalculateSize() + 8;
        var writes = _gatheredBytes + bytes > MessageBytes && _gathered.Replies.Count > 0 && Flush();
        _gathered.Replies.Add(reply);
        _gatheredBytes += bytes;
        _gatheredContent += IsContent(reply) ? bytes : 0;
        IsDirty = true;
        if (Interlocked.Read(ref _unsent) - Interlocked.Read(ref _unsentContent) > GiveUpBytes)
        {
            End(StatusCode.ResourceExhausted, $"More than {GiveUpBytes >> 20} MiB of replies and changes wait for this client, which does not read them. Resume the session and read.");
        }

        return writes;
    }

    /// <summary>The session's first message.</summary>
    public bool Welcome(ObjectsWelcome welcome) => Outbox.Add(new ObjectReplies { Welcome = welcome }, 0);

    /// <summary>Hands what was gathered to the writer.</summary>
    /// <returns>As for <see cref="Add"/>.</returns>
    public bool Flush()
    {
        IsDirty = false;
        if (_gathered.Replies.Count == 0)
        {
            return false;
        }

        var (message, bytes) = (_gathered, _gatheredBytes);
        Interlocked.Add(ref _unsentContent, _gatheredContent);
        Interlocked.Add(ref _unsent, bytes);
        _contents.Enqueue(_gatheredContent);
        (_gathered, _gatheredBytes, _gatheredContent) = (new ObjectReplies(), 0, 0);
        return Outbox.Add(message, bytes);
    }

    /// <summary>Done when the client has read enough of its replies to ask for more.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Interlocked.Read(ref _unsent) <= PauseBytes)
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellationToken);
        }
    }

    private static bool IsContent(ObjectReply reply) => reply.ResultCase switch
    {
        ObjectReply.ResultOneofCase.DictEntries or ObjectReply.ResultOneofCase.ListValues or ObjectReply.ResultOneofCase.CellValues or ObjectReply.ResultOneofCase.Objects => true,
        ObjectReply.ResultOneofCase.DictChanges => reply.DictChanges.Snapshot,
        _ => false,
    };

    private void Sent(long bytes)
    {
        // They are sent in their order. The welcome has none.
        if (bytes > 0 && _contents.TryDequeue(out var content))
        {
            Interlocked.Add(ref _unsentContent, -content);
        }

        if (Interlocked.Add(ref _unsent, -bytes) > PauseBytes)
        {
            return;
        }

        TaskCompletionSource? room;
        lock (_gate)
        {
            (room, _room) = (_room, null);
        }

        room?.TrySetResult();
    }
}
