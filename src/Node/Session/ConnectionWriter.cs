using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Node.Session;

/// <summary>
/// The one writer of a connection's stream. Whoever finds the stream idle writes, so that a lone message goes out without a hop to another thread;
/// what is posted meanwhile goes out together. <see cref="Outbox"/> bounds what waits here.
/// </summary>
/// <param name="stream">The stream.</param>
/// <param name="written">Called for each numbered message that has been handed to the transport.</param>
internal sealed class ConnectionWriter(IClientStreamWriter<NodeMessage> stream, Action written)
{
    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    private readonly Lock _gate = new();
    private readonly Queue<(NodeMessage Message, bool IsNumbered)> _queue = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NodeMessage? _urgent;
    private bool _writing;
    private bool _completing;
    private bool _closed;

    /// <summary>Ends when everything was written after <see cref="Complete"/>, or fails when the stream breaks.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Queues a message. Nothing happens when the connection is over.</summary>
    public void Post(NodeMessage message, bool isNumbered)
    {
        lock (_gate)
        {
            if (!_closed && !_completing)
            {
                _queue.Enqueue((message, isNumbered));
            }
        }
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

    /// <summary>No more messages will come: ends the stream after the last.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completing = true;
        }

        Flush();
    }

    /// <summary>The connection is over: forgets what waits.</summary>
    public void Close() => Fail(new OperationCanceledException("The connection is over."));

    private async Task WriteAllAsync()
    {
        try
        {
            while (TryTake(out var message, out var isNumbered, out var isLast))
            {
                // Without the hint each message would be a packet of its own.
                stream.WriteOptions = isLast ? WriteOptions.Default : Buffered;
                await stream.WriteAsync(message).ConfigureAwait(false);
                if (isNumbered)
                {
                    written();
                }
            }
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or OperationCanceledException or IOException)
        {
            Fail(exception);
        }
    }

    private bool TryTake(out NodeMessage message, out bool isNumbered, out bool isLast)
    {
        lock (_gate)
        {
            (message, isNumbered) = (_urgent!, false);
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
                (message, isNumbered) = next;
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

    private void Fail(Exception exception)
    {
        lock (_gate)
        {
            _closed = true;
            _queue.Clear();
            _urgent = null;
        }

        _completion.TrySetException(exception);
        // Who closes a connection does not ask how it ended.
        _ = _completion.Task.Exception;
    }
}
