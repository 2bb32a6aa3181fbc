using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Node.Session;

/// <summary>
/// What the node has to say to the coordinator: a queue in front of the session's stream, with one writer. Whoever finds the stream idle
/// writes, so that a lone message goes out without a hop to another thread; what is posted meanwhile goes out together.
/// </summary>
/// <remarks>
/// Bounded in bytes by its producers: before a worker's next results are read, <see cref="WaitForRoomAsync"/> has to let them pass.
/// Messages without payload (chunk ends, heartbeats) are posted at any time; credit bounds them.
/// </remarks>
internal sealed class Outbox(IClientStreamWriter<NodeMessage> stream, long capacity)
{
    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    private readonly Lock _gate = new();
    private readonly Queue<(NodeMessage Message, int Bytes)> _queue = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _room;
    private NodeMessage? _urgent;
    private long _bytes;
    private bool _writing;
    private bool _completing;
    private bool _closed;

    /// <summary>Ends when everything was written after <see cref="Complete"/>, or fails when the stream breaks.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Queues a message. Nothing happens when the session is over: nobody is there to read it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="bytes">Size of its payload.</param>
    public void Post(NodeMessage message, int bytes = 0)
    {
        lock (_gate)
        {
            if (!_closed && !_completing)
            {
                _queue.Enqueue((message, bytes));
                _bytes += bytes;
            }
        }
    }

    /// <summary>Queues a message and sees to it that it goes out.</summary>
    public void Send(NodeMessage message)
    {
        Post(message);
        Flush();
    }

    /// <summary>Sends a heartbeat before everything that waits; one that is still waiting is replaced.</summary>
    public void SendHeartbeat(NodeMessage heartbeat)
    {
        lock (_gate)
        {
            _urgent = heartbeat;
        }

        Flush();
    }

    /// <summary>Sees to it that what was posted goes out.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_writing || _closed || (_queue.Count == 0 && _urgent is null && !_completing))
            {
                return;
            }

            _writing = true;
        }

        // It ends in Fail or in _completion, never in an exception of its own.
        _ = WriteAllAsync();
    }

    /// <summary>Ends at once while there is room, otherwise when enough has been written; also when the session is over.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_closed || _bytes < capacity)
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>No more messages will come: ends the stream after the last.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completing = true;
        }

        Flush();
    }

    /// <summary>The session is over: forgets what waits and lets everybody go who waits for room.</summary>
    public void Close() => Fail(new OperationCanceledException("The session is over."));

    private async Task WriteAllAsync()
    {
        try
        {
            while (TryTake(out var message, out var bytes, out var isLast))
            {
                // Without the hint each message would be a packet of its own.
                stream.WriteOptions = isLast ? WriteOptions.Default : Buffered;
                await stream.WriteAsync(message).ConfigureAwait(false);
                Written(bytes);
            }
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or OperationCanceledException or IOException)
        {
            Fail(exception);
        }
    }

    private bool TryTake(out NodeMessage message, out int bytes, out bool isLast)
    {
        lock (_gate)
        {
            (message, bytes) = (_urgent!, 0);
            if (_urgent is not null)
            {
                _urgent = null;
            }
            else if (!_queue.TryDequeue(out var next))
            {
                _writing = false;
                isLast = true;
                CompleteStreamIfAsked_NeedsLock();
                return false;
            }
            else
            {
                (message, bytes) = next;
            }

            isLast = _queue.Count == 0 && _urgent is null;
            return !_closed;
        }
    }

    private void CompleteStreamIfAsked_NeedsLock()
    {
        if (_completing && !_closed)
        {
            _closed = true;
            _ = CompleteStreamAsync();
        }
    }

    private async Task CompleteStreamAsync()
    {
        try
        {
            await stream.CompleteAsync().ConfigureAwait(false);
            _completion.TrySetResult();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or OperationCanceledException or IOException)
        {
            Fail(exception);
        }
    }

    private void Written(int bytes)
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            _bytes -= bytes;
            if (_bytes < capacity)
            {
                (room, _room) = (_room, null);
            }
        }

        room?.TrySetResult();
    }

    private void Fail(Exception exception)
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _closed = true;
            _queue.Clear();
            _urgent = null;
            _bytes = 0;
            (room, _room) = (_room, null);
        }

        room?.TrySetResult();
        _completion.TrySetException(exception);
        // Who closes a session does not ask its outbox how it ended.
        _ = _completion.Task.Exception;
    }
}
