using System.Threading.Channels;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Sharing;

/// <summary>A session of the coordinator's own, for one call of an ad-hoc caller that reads much or for long: asks for one thing after another, and reads the replies.</summary>
internal sealed class ObjectCaller : IAsyncStreamWriter<ObjectReplies>, IAsyncDisposable
{
    // Replies that wait here hold back the connection's writer, and that its session, as a slow client would.
    private readonly Channel<ObjectReply> _replies = Channel.CreateBounded<ObjectReply>(new BoundedChannelOptions(64) { SingleReader = true, SingleWriter = true });
    private readonly ObjectLoop _loop;
    private readonly CancellationToken _cancellationToken;
    private ulong _number;

    public ObjectCaller(ObjectLoop loop, CancellationToken cancellationToken)
    {
        _loop = loop;
        Connection = new ObjectConnection(this);
        _cancellationToken = cancellationToken;
    }

    /// <summary>What belongs to a session.</summary>
    public ObjectConnection Connection { get; }

    public WriteOptions? WriteOptions { get; set; }

    /// <summary>Done when nothing more can come: the caller reads too slowly.</summary>
    public Task<Status> Ended => Connection.Ended;

    /// <summary>Begins a session that only reads.</summary>
    public static ObjectCaller Read(ObjectLoop loop, CancellationToken cancellationToken)
    {
        var caller = new ObjectCaller(loop, cancellationToken);
        loop.ConnectReader(caller.Connection);
        return caller;
    }

    /// <summary>Sends a request.</summary>
    public void Send(ObjectRequest request)
    {
        request.Number = ++_number;
        _loop.Receive(Connection, new ObjectRequests { Requests = { request } });
    }

    /// <summary>The next reply.</summary>
    public ValueTask<ObjectReply> ReceiveAsync() => _replies.Reader.ReadAsync(_cancellationToken);

    /// <summary>Sends a request and waits for its first reply.</summary>
    public async Task<ObjectReply> AskAsync(ObjectRequest request)
    {
        Send(request);
        return await ReceiveAsync();
    }

    /// <summary>For the connection: what it sends.</summary>
    public async Task WriteAsync(ObjectReplies message)
    {
        foreach (var reply in message.Replies)
        {
            await _replies.Writer.WriteAsync(reply, _cancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        _loop.Close(Connection);
        Connection.Outbox.Close();
        // Whoever still writes here finds nobody reading.
        _replies.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
