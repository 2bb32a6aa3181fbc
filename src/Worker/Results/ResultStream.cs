using Cluster.Protocol;
using Cluster.Protocol.Batches;
using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;
using Cluster.Worker.Link;
using Cluster.Worker.Running;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Worker.Results;

/// <summary>
/// What a chunk has to say, on its way to the node: lines that it wrote, then results and failures. It leaves when enough has gathered, when time has
/// passed and an item has just ended, and when time has passed and the item that runs takes long: what is done never waits for what is not.
/// Where the caller waits for all results anyway, they wait longer for company.
/// </summary>
/// <remarks>The chunk's thread adds; the ticker's thread may flush meanwhile; user code may write lines from any thread.</remarks>
internal abstract class ResultStream(ulong chunkNumber, bool gathered, NodeLink link, TimeProvider time) : ITicked
{
    /// <summary>How many ticks the results of a job wait whose caller gathers them.</summary>
    private const int GatheringTicks = 20;

    /// <summary>Lines are sent before they reach this size together: a function that prints without end is slowed down by its reader.</summary>
    private const int MaxLineChars = 32 << 10;

    /// <summary>What a failure or a batch takes beside its text or payload, roughly.</summary>
    private const int Overhead = 32;

    private readonly FlushPolicy _policy = new();
    private readonly List<OutputLine> _lines = [];
    private readonly List<ItemFailure> _failures = [];
    private readonly List<OutgoingFrame> _frames = [];
    private int _lineChars;
    private long _failureBytes;
    private bool _ended;
    private int _ticks;
    private volatile bool _isUrgent;

    /// <summary>
    /// Something is due when the running item ends: time has passed, or it has left half a line. The one thing that the loop looks at
    /// after each item.
    /// </summary>
    public volatile bool IsDue;

    /// <summary>Where the chunk is, for jobs that limit the time of their items; null for others.</summary>
    public ItemClock? Clock { get; set; }

    /// <summary>Held around everything below; never while user code runs.</summary>
    protected Lock Gate { get; } = new();

    protected TimeProvider Time => time;

    /// <summary>Time spent inside the function since the last flush, in timestamps of <see cref="Time"/>.</summary>
    protected long Busy { get; set; }

    /// <summary>Called about every five milliseconds while the chunk runs.</summary>
    public void Tick()
    {
        if (Clock?.TakeReport() is { } report)
        {
            Report(report);
            return;
        }

        if (gathered && !_isUrgent && ++_ticks < GatheringTicks)
        {
            return;
        }

        if (!IsDue)
        {
            IsDue = true;
            return;
        }

        // No item has ended since the last tick. Where the chunk's thread holds the lock it is about to flush itself.
        if (Gate.TryEnter())
        {
            try
            {
                FlushByTime_NeedsLock();
            }
            catch (IOException)
            {
                // The node is gone; its watch ends the process.
            }
            finally
            {
                Gate.Exit();
            }
        }
    }

    /// <summary>Sends what is done because time has passed.</summary>
    public void FlushByTime()
    {
        lock (Gate)
        {
            FlushByTime_NeedsLock();
        }
    }

    /// <summary>Adds a line that the chunk wrote.</summary>
    /// <returns>False when the chunk has ended.</returns>
    public bool TryAddLine(string text, bool isError, ulong index)
    {
        lock (Gate)
        {
            if (_ended)
            {
                return false;
            }

            _lines.Add(new OutputLine { Text = text, Error = isError, Index = index });
            _lineChars += text.Length + Overhead;
            _isUrgent = true;
            if (isError)
            {
                // Not buffered, as stderr is nowhere: these may be the last words of this process.
                GatherLines_NeedsLock();
                link.Send([.. _frames]);
                _frames.Clear();
            }
            else if (_lineChars >= MaxLineChars)
            {
                Gather_NeedsLock();
                Send_NeedsLock();
            }

            return true;
        }
    }

    /// <summary>Adds the failure of an item.</summary>
    public void Fail(ulong index, ErrorInfo error)
    {
        lock (Gate)
        {
            Fail_NeedsLock(index, error);
        }
    }

    /// <summary>Sends all that is left and the end of the chunk, in one piece.</summary>
    public void End(WorkerChunkEnded ended)
    {
        lock (Gate)
        {
            _ended = true;
            ended.ChunkId = chunkNumber;
            Gather_NeedsLock();
            _frames.Add(new OutgoingFrame(new FromWorker { ChunkEnded = ended }));
            Send_NeedsLock();
        }
    }

    /// <summary>Payload bytes and the like that wait to be sent.</summary>
    protected abstract long PendingBytes_NeedsLock { get; }

    /// <summary>The results that wait, in place.</summary>
    protected abstract IReadOnlyList<EncodedBatch> PeekResults_NeedsLock();

    /// <summary>The results have been sent.</summary>
    protected abstract void ClearResults_NeedsLock();

    protected void Fail_NeedsLock(ulong index, ErrorInfo error)
    {
        _failures.Add(new ItemFailure { Index = index, Error = error });
        _isUrgent = true;
        _failureBytes += error.CalculateSize() + Overhead;
        FlushIfFull_NeedsLock();
    }

    protected void FlushIfFull_NeedsLock()
    {
        if (_policy.IsFull(PendingBytes_NeedsLock + _failureBytes))
        {
            Gather_NeedsLock();
            Send_NeedsLock();
            _policy.SentFull();
        }
    }

    /// <summary>Tells the node which item runs, after what the items before it had to say.</summary>
    private void Report(WorkerItemRunning report)
    {
        lock (Gate)
        {
            if (_ended)
            {
                return;
            }

            report.ChunkId = chunkNumber;
            try
            {
                Gather_NeedsLock();
                _frames.Add(new OutgoingFrame(new FromWorker { ItemRunning = report }));
                Send_NeedsLock();
            }
            catch (IOException)
            {
                // The node is gone; its watch ends the process.
            }
        }
    }

    private void FlushByTime_NeedsLock()
    {
        if (_ended)
        {
            // A last tick came late: the next chunk has the buffers already.
            return;
        }

        Gather_NeedsLock();
        if (_frames.Count > 0)
        {
            Send_NeedsLock();
            _policy.SentByTime();
        }
    }

    /// <summary>Makes frames of all that waits: lines first, since they were written before their item ended.</summary>
    private void Gather_NeedsLock()
    {
        _isUrgent = false;
        _ticks = 0;
        GatherLines_NeedsLock();
        var batches = PeekResults_NeedsLock();
        var next = 0;
        while (next < batches.Count || _failures.Count > 0)
        {
            var results = new WorkerResults { ChunkId = chunkNumber };
            results.Failures.AddRange(_failures);
            _failures.Clear();
            _failureBytes = 0;
            next = Fill(results, batches, next, out var taken);
            results.Busy = Duration.FromTimeSpan(time.GetElapsedTime(0, Busy));
            Busy = 0;
            _frames.Add(new OutgoingFrame(new FromWorker { Results = results }, taken));
            if (next < batches.Count)
            {
                // A large item: each part goes out before the next is copied.
                link.Send([.. _frames]);
                _frames.Clear();
            }
        }
    }

    private static int Fill(WorkerResults results, IReadOnlyList<EncodedBatch> batches, int first, out EncodedBatch[] taken)
    {
        var end = first;
        for (long bytes = 0; end < batches.Count && bytes < Limits.MaxPayloadBytes; end++)
        {
            FramePayloads.Add(batches[end], results.Batches, results.PayloadLengths);
            bytes += batches[end].Payload.Length + batches[end].Header.Lengths.Length + Overhead;
        }

        taken = new EncodedBatch[end - first];
        for (var i = 0; i < taken.Length; i++)
        {
            taken[i] = batches[first + i];
        }

        return end;
    }

    private void GatherLines_NeedsLock()
    {
        if (_lines.Count > 0)
        {
            var output = new WorkerOutput { ChunkId = chunkNumber };
            output.Lines.AddRange(_lines);
            _frames.Add(new OutgoingFrame(new FromWorker { Output = output }));
            _lines.Clear();
            _lineChars = 0;
        }
    }

    private void Send_NeedsLock()
    {
        link.Send([.. _frames]);
        _frames.Clear();
        ClearResults_NeedsLock();
    }
}
