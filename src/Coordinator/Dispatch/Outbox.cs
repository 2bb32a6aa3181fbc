using System.Diagnostics;
using Grpc.Core;

namespace Cluster.Coordinator.Dispatch;

/// <summary>
/// The one writer of a stream. Messages queue while a write is under way, and go out together after it; nothing is ever delayed for the sake of
/// gathering more. Those who add messages bound them: a node's by its credits, a job's by <see cref="Jobs.JobOutbox"/>.
/// </summary>
/// <typeparam name="T">The messages of the stream.</typeparam>
/// <param name="stream">Where they go.</param>
/// <param name="written">Told the size of each message that has been handed to the transport.</param>
internal sealed class Outbox<T>(IAsyncStreamWriter<T> stream, Action<long> written) : IThreadPoolWorkItem
    where T : class
{
    // Handed to the transport without a flush at most: beyond, it could not push back.
    private const long MaxUnflushedBytes = 64 << 10;

    // Written by the thread that found nobody writing, at most: it may be the one that reads a node's heartbeats.
    private const int MaxMessagesPerTurn = 256;

    private static readonly WriteOptions Flushed = new();
    private static readonly WriteOptions Gathered = new(WriteFlags.BufferHint);

    private readonly Lock _gate = new();
    private readonly Queue<(T Message, long Bytes)> _queue = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _writing;
    private bool _closed;

    /// <summary>Done when everything up to <see cref="Close"/> was written; faulted when a write failed, after which nothing is written any more.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Queues a message.</summary>
    /// <returns>True: nobody is writing, and the caller must see to it that <see cref="Execute"/> is called.</returns>
    public bool Add(T message, long bytes)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            _queue.Enqueue((message, bytes));
            return StartWriting_NeedsLock();
        }
    }

    /// <summary>Takes no more messages; those that are queued are still written.</summary>
    /// <returns>As for <see cref="Add"/>.</returns>
    public bool Close()
    {
        lock (_gate)
        {
            _closed = true;
            return StartWriting_NeedsLock();
        }
    }

    /// <summary>Adds and writes.</summary>
    public void Send(T message, long bytes)
    {
        if (Add(message, bytes))
        {
            Execute();
        }
    }

    /// <summary>Begins to write on this thread.</summary>
    public void Execute() => _ = WriteAllAsync();

    private bool StartWriting_NeedsLock()
    {
        var idle = !_writing;
        _writing = true;
        return idle;
    }

    private async Task WriteAllAsync()
    {
        try
        {
            long unflushed = 0;
            for (var turn = 1; TryTake(out var message, out var bytes, out var more); turn++)
            {
                unflushed += bytes;
                var gather = more && unflushed < MaxUnflushedBytes;
                unflushed = gather ? unflushed : 0;
                stream.WriteOptions = gather ? Gathered : Flushed;
                await stream.WriteAsync(message);
                written(bytes);
                if (turn % MaxMessagesPerTurn == 0)
                {
                    await Task.Yield();
                }
            }
        }
#pragma warning disable CA1031 // Whatever breaks the stream is what Completion tells its owner.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
        }
    }

    private bool TryTake(out T message, out long bytes, out bool more)
    {
        lock (_gate)
        {
            Debug.Assert(_writing, "Only the writer takes messages.");
            var any = _queue.TryDequeue(out var entry);
            (message, bytes) = entry;
            more = _queue.Count > 0;
            if (!any)
            {
                _writing = false;
                if (_closed)
                {
                    _completion.TrySetResult();
                }
            }

            return any;
        }
    }

    private void Fail(Exception exception)
    {
        lock (_gate)
        {
            _closed = true;
            _queue.Clear();
            // `_writing` stays set: nobody writes to a broken stream again.
        }

        _completion.TrySetException(exception);
    }
}
