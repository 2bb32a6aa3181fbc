using Cluster.Node.Session;
using Cluster.Node.Telemetry;
using Cluster.Node.Workers.Assignment;
using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;

namespace Cluster.Node.Workers;

/// <summary>
/// The node's workers and the chunks in their hands: carries out what <see cref="PoolState"/> decides. Every event is handled under one lock,
/// with its actions, which never wait: frames and messages are queued, processes are started elsewhere.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    /// <summary>For what runs although nobody waits for it any more.</summary>
    private static readonly TimeSpan AbandonGrace = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly PoolState _state = new();
    private readonly List<PoolAction> _actions = [];
    private readonly ChunkReport _report;
    private readonly PoolOutput _output;
    private readonly PoolActor _actor;
    private readonly ItemDeadlines _deadlines;
    private readonly TimeProvider _time;
    private readonly string _node;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _lastNumber;
    private (long Used, long Limit) _memory;

    /// <summary>A pool without workers.</summary>
    public WorkerPool(WorkerPoolOptions options, TimeProvider time)
    {
        _time = time;
        _node = options.Node;
        _report = new ChunkReport(options.Node);
        _output = new PoolOutput(_report);
        _deadlines = new ItemDeadlines(new ItemWatch(_state.Workers), time, EndOverdue);
        _actor = new PoolActor(_report, _deadlines, time);
    }

    /// <summary>Says who starts workers when one is missing. Called once, before anything else.</summary>
    public void OnWorkerMissing(Action startWorker) => _actor.StartWorker = startWorker;

    public Heartbeat Status
    {
        get
        {
            lock (_gate)
            {
                return new Heartbeat
                {
                    Running = (uint)_state.RunningCount,
                    Waiting = (uint)_state.WaitingCount,
                    MemoryBytes = (ulong)_memory.Used,
                    MemoryLimitBytes = (ulong)_memory.Limit,
                };
            }
        }
    }

    /// <summary>Notes how many bytes the workers have together, and how many they may have: the node tells the coordinator.</summary>
    public void NoteMemory(long used, long limit)
    {
        lock (_gate)
        {
            _memory = (used, limit);
        }
    }

    public PoolJob CreateJob(OpenJob open) => new(this, Interlocked.Increment(ref _lastNumber), open);

    public PoolChunk CreateChunk(PoolJob job, RunChunk first, Outbox outbox, Action<PoolChunk> onEnded) =>
        new(Interlocked.Increment(ref _lastNumber), job, first, outbox, onEnded)
        {
            IsComplete = first.Last,
            IsAlone = first.Alone,
            Items = PoolChunk.CountItems(first),
            Timing = ItemDeadlines.TimingOf(job.Spec, first),
            Span = ChunkSpan.Start(job.Spec, job.JobId, first, _node),
        };

    public void JobReady(PoolJob job) => Decide(_state.JobReady, job);

    public void JobFailed(PoolJob job) => Decide(_state.JobFailed, job);

    public void CloseJob(PoolJob job) => Decide(_state.CloseJob, job);

    public void Run(PoolChunk chunk)
    {
        lock (_gate)
        {
            _state.ChunkArrived(chunk, _actions);
            Act_NeedsLock();
        }
    }

    /// <summary>More of a chunk that did not fit into one message.</summary>
    public void AddPart(PoolChunk chunk, RunChunk part)
    {
        lock (_gate)
        {
            chunk.Add(part);
            if (chunk is { Phase: ChunkPhase.Ahead or ChunkPhase.Running, Worker: PoolWorker worker })
            {
                chunk.SendTo(worker.Link!);
            }
        }
    }

    /// <summary>Withdraws a chunk; where it runs and does not stop within <paramref name="grace"/>, if there is one, its worker is ended.</summary>
    public void Cancel(PoolChunk chunk, TimeSpan? grace)
    {
        lock (_gate)
        {
            _state.Cancel(chunk, _actions);
            Act_NeedsLock();
            EndAfterGrace_NeedsLock(chunk, grace);
        }
    }

    /// <summary>Withdraws a chunk unless it has begun.</summary>
    public void Withdraw(PoolChunk chunk)
    {
        lock (_gate)
        {
            _state.Withdraw(chunk, _actions);
            Act_NeedsLock();
        }
    }

    /// <summary>Nobody waits for these chunks any more.</summary>
    public static void Abandon(IEnumerable<PoolChunk> chunks)
    {
        foreach (var chunk in chunks)
        {
            chunk.PoolJob.Pool.Abandon(chunk);
        }
    }

    private void Abandon(PoolChunk chunk)
    {
        lock (_gate)
        {
            _state.Abandon([chunk], _actions);
            Act_NeedsLock();
            EndAfterGrace_NeedsLock(chunk, AbandonGrace);
        }
    }

    /// <summary>The node is to leave: what has not begun goes back, also what comes from now on; what runs ends after its item.</summary>
    /// <returns>Completes when nothing is left.</returns>
    public Task Drain()
    {
        lock (_gate)
        {
            _state.Drain(_actions);
            Act_NeedsLock();
            return _drained.Task;
        }
    }

    /// <summary>Ends what still runs, with its workers, and gives it back.</summary>
    public void EndAll()
    {
        lock (_gate)
        {
            _state.EndAll(_actions);
            Act_NeedsLock();
        }
    }

    public PoolWorker[] Workers
    {
        get
        {
            lock (_gate)
            {
                return [.. _state.Workers.Cast<PoolWorker>()];
            }
        }
    }

    /// <summary>Does what has to be done about the memory of the workers.</summary>
    public MemoryPressure Relieve(MemoryLadder ladder, MemoryUse[] uses)
    {
        lock (_gate)
        {
            var verdict = ladder.Judge(uses);
            _state.Relieve(verdict, _actions);
            Act_NeedsLock();
            return verdict.Pressure;
        }
    }

    public void AddWorker(PoolWorker worker)
    {
        lock (_gate)
        {
            _state.AddWorker(worker);
        }
    }

    public void WorkerReady(PoolWorker worker) => Decide(_state.WorkerReady, worker);

    /// <summary>The worker's link has ended; its process is about to.</summary>
    public void WorkerEnding(PoolWorker worker) => Decide(_state.WorkerEnding, worker);

    /// <summary>The process has ended; <see cref="PoolWorker.Status"/> says how.</summary>
    public void WorkerLost(PoolWorker worker) => Decide(_state.WorkerLost, worker);

    /// <summary>Whether anybody reads what a worker says; nobody does while there is no room for it.</summary>
    public void WorkerRead(PoolWorker worker, bool isRead)
    {
        lock (_gate)
        {
            _deadlines.Read(worker, isRead);
        }
    }

    /// <summary>The node ends: nothing is waited for any more.</summary>
    public void Dispose()
    {
        _deadlines.Dispose();
        _stopping.Cancel();
        _stopping.Dispose();
    }

    /// <summary>Takes a frame from a worker.</summary>
    /// <returns>The outbox that it filled, if it did; the caller flushes it, and lets it make room.</returns>
    public Outbox? Handle(PoolWorker worker, Frame<FromWorker> frame) => frame.Header.MessageCase switch
    {
        FromWorker.MessageOneofCase.Results => Results(worker, frame),
        FromWorker.MessageOneofCase.Output => _output.Lines(worker, frame.Header.Output),
        FromWorker.MessageOneofCase.ChunkEnded => Ended(worker, frame.Header.ChunkEnded),
        FromWorker.MessageOneofCase.ChunkReturned => Returned(worker, frame.Header.ChunkReturned),
        FromWorker.MessageOneofCase.ChunkBegun => Begun(worker, frame.Header.ChunkBegun),
        FromWorker.MessageOneofCase.ItemRunning => ItemRunning(worker, frame.Header.ItemRunning),
        _ => null,
    };

    /// <summary>A line that came over a worker's pipe rather than its link: native code wrote it, or the runtime.</summary>
    /// <returns>The outbox that it went to, if any.</returns>
    public Outbox? HandleLine(PoolWorker worker, string text, bool isError)
    {
        PoolChunk? chunk;
        lock (_gate)
        {
            // Where several chunks run at once there is no telling; any of the job's readers is better than none.
            chunk = worker.Running.Count > 0 ? worker.Running[0] as PoolChunk : null;
        }

        return _output.Line(worker, chunk, text, isError);
    }

    private Outbox? Results(PoolWorker worker, Frame<FromWorker> frame)
    {
        if (!worker.Chunks.TryGetValue(frame.Header.Results.ChunkId, out var chunk) || chunk.IsAbandoned)
        {
            return null;
        }

        NodeMetrics.Answered(frame.Header.Results);
        chunk.Say(_report.Results(chunk, worker, frame), (int)frame.Payload.Length);
        if (chunk.Timing is not null)
        {
            lock (_gate)
            {
                _deadlines.Answered(chunk, frame.Header.Results);
            }
        }

        return chunk.Outbox;
    }

    private Outbox? ItemRunning(PoolWorker worker, WorkerItemRunning item)
    {
        if (worker.Chunks.TryGetValue(item.ChunkId, out var chunk))
        {
            lock (_gate)
            {
                _deadlines.Reported(chunk, item);
            }
        }

        return null;
    }

    /// <summary>Time is up for some item, or may be.</summary>
    private void EndOverdue()
    {
        lock (_gate)
        {
            foreach (var chunk in _deadlines.Look())
            {
                PoolState.ItemOverdue(chunk, _actions);
            }

            Act_NeedsLock();
        }
    }

    private Outbox? Ended(PoolWorker worker, WorkerChunkEnded ended)
    {
        if (!worker.Chunks.TryRemove(ended.ChunkId, out var chunk))
        {
            return null;
        }

        var next = worker.Chunks.GetValueOrDefault(ended.NextChunkId);
        lock (_gate)
        {
            if (!chunk.IsAbandoned)
            {
                PoolActor.Report(chunk, _report.Ended(chunk, worker, ended, _actor.Elapsed(chunk)));
            }

            _state.ChunkEnded(chunk, next, _actions);
            Act_NeedsLock(chunk.Outbox);
        }

        return chunk.Outbox;
    }

    private Outbox? Returned(PoolWorker worker, WorkerChunkReturned returned)
    {
        if (worker.Chunks.TryRemove(returned.ChunkId, out var chunk))
        {
            lock (_gate)
            {
                _state.HandedBack(chunk, _actions);
                Act_NeedsLock();
            }
        }

        return null;
    }

    private Outbox? Begun(PoolWorker worker, WorkerChunkBegun begun)
    {
        // It may have ended since.
        if (!worker.Chunks.TryGetValue(begun.ChunkId, out var chunk))
        {
            return null;
        }

        lock (_gate)
        {
            _state.Begun(chunk, _actions);
            Act_NeedsLock(chunk.Outbox);
        }

        return chunk.Outbox;
    }

    private void Decide<T>(Action<T, List<PoolAction>> decide, T subject)
    {
        lock (_gate)
        {
            decide(subject, _actions);
            Act_NeedsLock();
        }
    }

    private void Act_NeedsLock(Outbox? flushed = null)
    {
        _actor.CarryOut(_actions, flushed);
        _actions.Clear();
        if (_state.IsDrained)
        {
            _drained.TrySetResult();
        }
    }

    private void EndAfterGrace_NeedsLock(PoolChunk chunk, TimeSpan? grace)
    {
        if (grace is { } limit && chunk.Phase is ChunkPhase.Running or ChunkPhase.Ahead)
        {
            // It ends by its delay, with the chunk, or by the pool's stop, and has no result.
            _ = EndAfterGraceAsync(chunk, limit);
        }
    }

    private async Task EndAfterGraceAsync(PoolChunk chunk, TimeSpan grace)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        if (await Task.WhenAny(Task.Delay(grace, _time, over.Token), chunk.Over).ConfigureAwait(false) == chunk.Over)
        {
            await over.CancelAsync().ConfigureAwait(false);
            return;
        }

        lock (_gate)
        {
            _state.GraceOver(chunk, _actions);
            Act_NeedsLock();
        }
    }
}
