using System.Diagnostics.Metrics;
using Cluster.Coordinator.Dispatch;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Jobs;

/// <summary>
/// What waits for a job's client. No node may ever wait for a client, so every result is taken; but when too many bytes wait, the job gets no more
/// slots until the client has caught up, lines of output are dropped, and items that fail in large numbers are kept as ranges.
/// </summary>
internal sealed class JobOutbox
{
    private readonly Outbox<RunReply> _outbox;
    private readonly long _maxBytes;
    private readonly Action _blockedChanged;
    private readonly Counter<long>? _droppedLines;
    private readonly Lock _gate = new();
    private readonly OwedFailures _owed = new();
    private readonly DroppedOutput _dropped = new();
    private JobEnd? _end;
    private long _waiting;
    private long _held;

    /// <summary>Begins to wait for replies to write.</summary>
    /// <param name="replies">The client's stream.</param>
    /// <param name="maxBytes">How many bytes may wait before the job is blocked; it is unblocked at half of them.</param>
    /// <param name="blockedChanged">Called when <see cref="IsBlocked"/> may have changed; whoever is told reads what is true by then.</param>
    /// <param name="droppedLines">Counts the lines of output that are dropped; null: nobody does.</param>
    public JobOutbox(IAsyncStreamWriter<RunReply> replies, long maxBytes, Action blockedChanged, Counter<long>? droppedLines = null)
    {
        _outbox = new Outbox<RunReply>(replies, Written);
        _maxBytes = maxBytes;
        _blockedChanged = blockedChanged;
        _droppedLines = droppedLines;
    }

    /// <summary>Bytes that wait, those of results that are still coming included; read from anywhere, so about right.</summary>
    public long Bytes => Interlocked.Read(ref _waiting) + Interlocked.Read(ref _held);

    /// <summary>Items whose failure waits as a range.</summary>
    public ulong OwedItems
    {
        get
        {
            lock (_gate)
            {
                return _owed.Items;
            }
        }
    }

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
        bool write;
        lock (_gate)
        {
            write = Add_NeedsLock(reply, bytes);
        }

        Review();
        return write;
    }

    /// <summary>Queues a reply and writes it.</summary>
    public void Send(RunReply reply)
    {
        if (Add(reply))
        {
            _outbox.Execute();
        }
    }

    /// <summary>Queues lines of a node and writes them; drops them while too many bytes wait. The next lines, or the end, tell how many were dropped.</summary>
    public void SendOutput(string node, Output output)
    {
        bool write;
        lock (_gate)
        {
            if (_waiting > _maxBytes)
            {
                _dropped.Add(node, output);
                _droppedLines?.Add(output.Lines.Count);
                return;
            }

            _dropped.MoveTo(output);
            write = Add_NeedsLock(new RunReply { Output = output });
        }

        Review();
        if (write)
        {
            _outbox.Execute();
        }
    }

    /// <summary>Queues failures of items: as many as there is room for, the others as that comes.</summary>
    /// <returns>As for <see cref="Add"/>.</returns>
    public bool Fail(ItemRange items, ErrorInfo error, uint attempt)
    {
        bool write;
        lock (_gate)
        {
            _owed.Add(items, error, attempt);
            write = AddOwed_NeedsLock();
        }

        Review();
        return write;
    }

    /// <summary>Queues the last reply, behind everything else.</summary>
    /// <returns>As for <see cref="Add"/>.</returns>
    public bool End(JobEnd end)
    {
        Failure = end.Error;
        bool write;
        lock (_gate)
        {
            _end = end;
            write = AddOwed_NeedsLock();
        }

        Review();
        return write;
    }

    /// <summary>Counts bytes of a result that is still coming, and that its client must have room for.</summary>
    public void Hold(long bytes)
    {
        lock (_gate)
        {
            _held += bytes;
        }

        Review();
    }

    /// <summary>The result has come, or will not: its bytes count no more, or as those of replies.</summary>
    public void Release(long bytes) => Hold(-bytes);

    private void Written(long bytes)
    {
        lock (_gate)
        {
            _waiting -= bytes;
            // The writer tells this, and goes on with what is added.
            AddOwed_NeedsLock();
        }

        Review();
    }

    private bool AddOwed_NeedsLock()
    {
        var write = false;
        while (_waiting <= _maxBytes && _owed.Take() is { } failures)
        {
            write |= Add_NeedsLock(new RunReply { Results = failures });
        }

        if (_end is null || _owed.Items > 0)
        {
            return write;
        }

        var output = new Output();
        if (_dropped.MoveTo(output))
        {
            write |= Add_NeedsLock(new RunReply { Output = output });
        }

        write |= Add_NeedsLock(new RunReply { End = _end });
        _end = null;
        return _outbox.Close() || write;
    }

    private bool Add_NeedsLock(RunReply reply) => Add_NeedsLock(reply, reply.CalculateSize());

    private bool Add_NeedsLock(RunReply reply, long bytes)
    {
        _waiting += bytes;
        return _outbox.Add(reply, bytes);
    }

    private void Review()
    {
        bool changed;
        lock (_gate)
        {
            var bytes = _waiting + _held;
            var blocked = IsBlocked ? bytes > _maxBytes / 2 : bytes > _maxBytes;
            changed = blocked != IsBlocked;
            IsBlocked = blocked;
        }

        if (changed)
        {
            _blockedChanged();
        }
    }
}
