using Cluster.Node.Workers;
using Cluster.Protocol.Sessions;
using Cluster.Protocol.V1;

namespace Cluster.Node.Session;

/// <summary>
/// What the node has to say to the coordinator in one session: handed to the connection that the session has now, and kept until the coordinator
/// has it.
/// </summary>
/// <remarks>
/// Bounded in bytes by its producers: before a worker's next results are read, <see cref="WaitForRoomAsync"/> has to let them pass.
/// Messages without payload (chunk ends, heartbeats) are posted at any time; credit bounds them.
/// </remarks>
/// <param name="capacity">Payload bytes that may wait before workers have to wait too.</param>
/// <param name="isAcknowledged">The coordinator says what it has. Otherwise what was written counts as said, and there is one connection only.</param>
internal sealed class Outbox(long capacity, bool isAcknowledged)
{
    private readonly Lock _gate = new();
    private readonly ReplayBuffer<Said> _said = new();
    private ConnectionWriter? _connection;
    private TaskCompletionSource? _room;
    private bool _closed;

    /// <summary>Makes the writer of a connection.</summary>
    public ConnectionWriter CreateWriter(Grpc.Core.IClientStreamWriter<NodeMessage> stream) => new(stream, isAcknowledged ? static () => { } : Written);

    /// <summary>Goes on with a connection: says again what the coordinator has not got.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="received">How many messages the coordinator has.</param>
    /// <returns>False: the session is over, or was another.</returns>
    public bool TryConnect(ConnectionWriter connection, ulong received)
    {
        lock (_gate)
        {
            if (_closed || !_said.TryRewind(received, out var again))
            {
                return false;
            }

            foreach (var (said, _) in again)
            {
                connection.Post(said.Message, isNumbered: true);
            }

            _connection = connection;
            MakeRoom_NeedsLock();
        }

        connection.Flush();
        return true;
    }

    /// <summary>The connection is gone. What is said from now on waits for the next.</summary>
    public void Disconnect()
    {
        lock (_gate)
        {
            _connection = null;
        }
    }

    /// <summary>The coordinator has everything up to a message.</summary>
    /// <returns>False: there is no such message.</returns>
    public bool TryAcknowledge(ulong received)
    {
        lock (_gate)
        {
            var known = _said.TryAcknowledge(received);
            MakeRoom_NeedsLock();
            return known;
        }
    }

    /// <summary>Queues a message. Nothing happens when the session is over: nobody is there to read it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="bytes">Size of its payload.</param>
    /// <param name="chunk">The chunk that it is about, if it is about one.</param>
    public void Post(NodeMessage message, int bytes = 0, PoolChunk? chunk = null)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _said.Add(new Said(message, chunk, bytes), bytes);
                _connection?.Post(message, isNumbered: true);
            }
        }
    }

    /// <summary>Queues a message and sees to it that it goes out.</summary>
    public void Send(NodeMessage message)
    {
        Post(message);
        Flush();
    }

    /// <summary>Sees to it that what was posted goes out.</summary>
    public void Flush()
    {
        ConnectionWriter? connection;
        lock (_gate)
        {
            connection = _connection;
        }

        connection?.Flush();
    }

    /// <summary>Ends at once while there is room, otherwise when enough has been taken; also when the session is over.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_closed || _said.Bytes < capacity)
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Payload bytes that the coordinator has not acknowledged.</summary>
    public long KeptBytes
    {
        get
        {
            lock (_gate)
            {
                return _closed ? 0 : _said.Bytes;
            }
        }
    }

    /// <summary>What the coordinator has not acknowledged.</summary>
    public Said[] Unacknowledged
    {
        get
        {
            lock (_gate)
            {
                return _said.TryRewind(_said.Acknowledged, out var said) ? [.. said.Select(static entry => entry.Message)] : [];
            }
        }
    }

    /// <summary>The session is over: lets everybody go who waits for room.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _connection = null;
            _room?.TrySetResult();
        }
    }

    private void Written()
    {
        lock (_gate)
        {
            _said.TryAcknowledge(_said.Acknowledged + 1);
            MakeRoom_NeedsLock();
        }
    }

    private void MakeRoom_NeedsLock()
    {
        if (_said.Bytes < capacity)
        {
            _room?.TrySetResult();
            _room = null;
        }
    }
}
