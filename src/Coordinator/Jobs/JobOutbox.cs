using Cluster.Coordinator.Dispatch;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Jobs;

/// <summary>
/// What waits for a job's client. It takes everything, since no node may ever wait for a client; when too many bytes wait, it says so, and the job
/// gets no more slots until the client has caught up.
/// </summary>
internal sealed class JobOutbox
{
    private readonly Outbox<RunReply> _outbox;
    private readonly long _maxBytes;
    private readonly Action _blockedChanged;
    private readonly Lock _gate = new();
    private long _bytes;

    /// <summary>Begins to wait for replies to write.</summary>
    /// <param name="replies">The client's stream.</param>
    /// <param name="maxBytes">How many bytes may wait before the job is blocked; it is unblocked at half of them.</param>
    /// <param name="blockedChanged">Called when <see cref="IsBlocked"/> may have changed; whoever is told reads what is true by then.</param>
    public JobOutbox(IAsyncStreamWriter<RunReply> replies, long maxBytes, Action blockedChanged)
    {
        _outbox = new Outbox<RunReply>(replies, bytes => Account(-bytes));
        _maxBytes = maxBytes;
        _blockedChanged = blockedChanged;
    }

    /// <summary>Bytes that wait; read from anywhere, so about right.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether too many bytes wait.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Done when the last reply was written, faulted when the client cannot be written to.</summary>
    public Task Completion => _outbox.Completion;

    /// <summary>Why the job ended early, once it has; null: it did not. Settled when <see cref="Completion"/> is.</summary>
    public ErrorInfo? Failure { get; private set; }

    /// <summary>Begins to write; for those who were told to.</summary>
    public IThreadPoolWorkItem Writer => _outbox;

    /// <summary>Queues a reply.</summary>
    /// <returns>True: the caller must see to it that <see cref="Writer"/> is executed.</returns>
    public bool Add(RunReply reply)
    {
        long bytes = reply.CalculateSize();
        Account(bytes);
        return _outbox.Add(reply, bytes);
    }

    /// <summary>Queues a reply and writes it.</summary>
    public void Send(RunReply reply)
    {
        if (Add(reply))
        {
            _outbox.Execute();
        }
    }

    /// <summary>Queues the last reply.</summary>
    /// <returns>As for <see cref="Add"/>.</returns>
    public bool End(JobEnd end)
    {
        Failure = end.Error;
        var write = Add(new RunReply { End = end });
        return _outbox.Close() || write;
    }

    private void Account(long change)
    {
        bool changed;
        lock (_gate)
        {
            _bytes += change;
            var blocked = IsBlocked ? _bytes > _maxBytes / 2 : _bytes > _maxBytes;
            changed = blocked != IsBlocked;
            IsBlocked = blocked;
        }

        if (changed)
        {
            _blockedChanged();
        }
    }
}
