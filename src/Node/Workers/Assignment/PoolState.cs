using static Cluster.Node.Workers.Assignment.PoolActionKind;

namespace Cluster.Node.Workers.Assignment;

/// <summary>
/// Decides which chunk goes to which worker, what a cancel means where the chunk is, and what the loss of a worker costs. Events in,
/// actions out: no processes, sockets or clocks. Chunks go to workers in the order in which they became runnable; a chunk whose code is
/// still on the way does not hold up the others. A busy worker is handed chunks ahead, so that it goes from one to the next without
/// falling asleep; when another becomes free first they are recalled.
/// </summary>
/// <remarks>Not safe for use by several threads: the pool holds a lock around each event and its actions.</remarks>
internal sealed class PoolState
{
    private readonly List<WorkerState> _workers = [];
    private readonly Handover _handover;
    private readonly MemoryRelief _relief;
    private readonly HashSet<ChunkState> _held = [];

    public PoolState()
    {
        _handover = new Handover(_workers);
        _relief = new MemoryRelief(_workers, _handover);
    }

    /// <summary>Chunks that workers run.</summary>
    public int RunningCount => _workers.Sum(worker => worker.Running.Count);

    /// <summary>Chunks that wait for code, or for a worker, or in one.</summary>
    public int WaitingCount => _held.Count - RunningCount;

    /// <summary>The node is to leave, and has nothing left.</summary>
    public bool IsDrained => _handover.IsDraining && _held.Count == 0;

    public IReadOnlyList<WorkerState> Workers => _workers;

    /// <summary>A process was started; it takes no chunk before it says that it is ready.</summary>
    public void AddWorker(WorkerState worker) => _workers.Add(worker);

    public void WorkerReady(WorkerState worker, List<PoolAction> actions)
    {
        if (_workers.Contains(worker))
        {
            worker.IsReady = true;
            _handover.Assign(actions);
        }
    }

    /// <summary>A worker will say nothing more, and its process ends or is ended: it gets nothing more, and what it has not begun goes to others.</summary>
    public void WorkerEnding(WorkerState worker, List<PoolAction> actions)
    {
        worker.IsReady = false;
        worker.EndedInCompany |= worker.Held > 1;

        // What it had not begun has nothing to do with its end. The last comes first, so that they wait in their order again.
        while (worker.Ahead.Count > 0)
        {
            TakeBack(worker.Ahead[^1], actions);
        }

        _handover.Assign(actions);
    }

    /// <summary>A process has ended: its chunks are answered and a replacement is asked for.</summary>
    public void WorkerLost(WorkerState worker, List<PoolAction> actions)
    {
        if (!_workers.Remove(worker))
        {
            return;
        }

        WorkerEnding(worker, actions);
        if (!_handover.IsDraining)
        {
            actions.Add(new PoolAction(StartWorker));
        }

        while (worker.Running.Count > 0)
        {
            var chunk = worker.Running[0];
            End(chunk, actions);
            if (!chunk.IsAbandoned)
            {
                actions.Add(new PoolAction(KindOfLoss(chunk, worker), worker, chunk));
            }
        }
    }

    /// <summary>The running item of a chunk has had its time, and its worker cannot be asked any more.</summary>
    public static void ItemOverdue(ChunkState chunk, List<PoolAction> actions)
    {
        if (chunk is { Phase: ChunkPhase.Running, Worker: { IsKilled: false } worker })
        {
            worker.IsReady = false;
            worker.IsKilled = true;
            actions.Add(new PoolAction(KillWorker, worker, chunk));
        }
    }

    /// <summary>The memory of the workers has been judged.</summary>
    public void Relieve(MemoryVerdict verdict, List<PoolAction> actions) => _relief.Carry(verdict, actions);

    public void JobReady(JobState job, List<PoolAction> actions)
    {
        if (job.Phase != JobPhase.Preparing)
        {
            return;
        }

        job.Phase = JobPhase.Ready;
        foreach (var chunk in job.Chunks)
        {
            _handover.Enqueue(chunk);
        }

        _handover.Assign(actions);
    }

    public void JobFailed(JobState job, List<PoolAction> actions)
    {
        if (job.Phase != JobPhase.Preparing)
        {
            return;
        }

        job.Phase = JobPhase.Failed;
        while (job.Chunks.First is { Value: var chunk })
        {
            End(chunk, actions);
            actions.Add(new PoolAction(EndCodeFailed, Chunk: chunk, Job: job));
        }
    }

    /// <summary>The coordinator has no more work for the job. What waits is dropped; what runs ends by itself or by its own cancel.</summary>
    public void CloseJob(JobState job, List<PoolAction> actions)
    {
        job.IsClosed = true;
        foreach (var chunk in job.Chunks.Where(chunk => chunk.Phase != ChunkPhase.Running && !chunk.IsCancelled).ToArray())
        {
            Drop(chunk, actions);
        }

        _handover.Settle(actions);
        ForgetIfOver(job, actions);
    }

    public void ChunkArrived(ChunkState chunk, List<PoolAction> actions)
    {
        _held.Add(chunk);
        chunk.Job.Chunks.AddLast(chunk);
        switch (chunk.Job)
        {
            case var job when job.IsClosed || _handover.IsDraining:
                Cancel(chunk, actions);
                break;
            case { Phase: JobPhase.Failed }:
                End(chunk, actions);
                actions.Add(new PoolAction(EndCodeFailed, Chunk: chunk, Job: chunk.Job));
                break;
            case { Phase: JobPhase.Ready }:
                _handover.Enqueue(chunk);
                _handover.Assign(actions);
                break;
            default:
                break;
        }
    }

    /// <summary>Withdraws a chunk: dropped where it waits, asked to stop where it runs.</summary>
    public void Cancel(ChunkState chunk, List<PoolAction> actions)
    {
        Drop(chunk, actions);
        _handover.Settle(actions);
    }

    /// <summary>Withdraws a chunk that has not begun, and leaves one that has alone.</summary>
    public void Withdraw(ChunkState chunk, List<PoolAction> actions)
    {
        switch (chunk.Phase)
        {
            case ChunkPhase.WaitsForCode or ChunkPhase.WaitsForWorker:
                Cancel(chunk, actions);
                break;
            case ChunkPhase.Ahead:
                chunk.IsWithdrawn = true;
                if (!chunk.IsRecalled)
                {
                    chunk.IsRecalled = true;
                    actions.Add(new PoolAction(PoolActionKind.Recall, chunk.Worker, chunk));
                }

                break;
            default:
                break;
        }
    }

    /// <summary>The node is to leave: what has not begun goes back, now and from now on; what runs ends after its item.</summary>
    public void Drain(List<PoolAction> actions)
    {
        if (_handover.IsDraining)
        {
            return;
        }

        _handover.IsDraining = true;
        foreach (var chunk in _held.ToArray())
        {
            if (chunk.Phase == ChunkPhase.Running)
            {
                actions.Add(new PoolAction(StopAfterItem, chunk.Worker, chunk));
            }
            else
            {
                Withdraw(chunk, actions);
            }
        }
    }

    /// <summary>The node leaves now: what still runs ends with its worker.</summary>
    public void EndAll(List<PoolAction> actions)
    {
        foreach (var chunk in _held.ToArray())
        {
            Cancel(chunk, actions);
            GraceOver(chunk, actions);
        }
    }

    /// <summary>A cancelled chunk had its time to stop. If it still runs its worker is ended, and takes nothing more.</summary>
    public void GraceOver(ChunkState chunk, List<PoolAction> actions)
    {
        if (chunk is { Phase: ChunkPhase.Running or ChunkPhase.Ahead, IsCancelled: true })
        {
            chunk.IsOverdue = true;
            _handover.KillIfOverdue(chunk, actions);
        }
    }

    /// <summary>A worker has finished a chunk, in whatever way; its thread is free again, or has gone on to <paramref name="next"/>.</summary>
    public void ChunkEnded(ChunkState chunk, ChunkState? next, List<PoolAction> actions)
    {
        if (chunk.Phase is not (ChunkPhase.Running or ChunkPhase.Ahead))
        {
            return;
        }

        var worker = chunk.Worker!;
        worker.Done += chunk.Items;
        End(chunk, actions);
        if (next?.Phase == ChunkPhase.Ahead)
        {
            _handover.Begin(next, actions);
        }

        _handover.BeginArrivals(worker, actions);
        _handover.Assign(actions);
        _handover.RetireIfSpent(worker, actions);
    }

    /// <summary>A worker has given back a chunk that it had not begun.</summary>
    public void HandedBack(ChunkState chunk, List<PoolAction> actions)
    {
        if (chunk is { Phase: ChunkPhase.Ahead, Worker: { } worker })
        {
            TakeBack(chunk, actions);
            _handover.BeginArrivals(worker, actions);
            _handover.Assign(actions);
            _handover.RetireIfSpent(worker, actions);
        }
    }

    /// <summary>A worker has begun a chunk: the recall came too late.</summary>
    public void Begun(ChunkState chunk, List<PoolAction> actions)
    {
        if (chunk is { Phase: ChunkPhase.Ahead, Worker: { } worker })
        {
            _handover.Begin(chunk, actions);
            _handover.BeginArrivals(worker, actions);
            _handover.Assign(actions);
        }
    }

    /// <summary>The session that asked for these chunks is over: withdraws them, and answers nobody.</summary>
    public void Abandon(IEnumerable<ChunkState> chunks, List<PoolAction> actions)
    {
        foreach (var chunk in chunks)
        {
            chunk.IsAbandoned = true;
            Cancel(chunk, actions);
        }
    }

    private static PoolActionKind KindOfLoss(ChunkState chunk, WorkerState worker) => chunk switch
    {
        { IsCancelled: true } => EndCancelled,
        _ when worker.Suspects.Contains(chunk) => worker.Suspects.Count == 1 ? EndOutOfMemory : EndWorkerLost,
        { Timing: { Overdue: not null, IsCertain: true } } => EndTimedOut,

        // One of its items is to blame, and is found when they run one by one.
        { Timing.Overdue: not null } => EndWorkerLost,

        // Where the node itself ended the worker, for the sake of another chunk, this one just goes back.
        _ => worker.IsKilled ? EndCancelled : EndWorkerLost,
    };

    private void TakeBack(ChunkState chunk, List<PoolAction> actions)
    {
        _handover.TakeBack(chunk);
        if (chunk.IsCancelled || chunk.IsWithdrawn || chunk.Job.IsClosed)
        {
            EndUnbegun(chunk, actions);
        }
    }

    private void Drop(ChunkState chunk, List<PoolAction> actions)
    {
        if (chunk.Phase == ChunkPhase.Ended || chunk.IsCancelled)
        {
            return;
        }

        chunk.IsCancelled = true;
        if (chunk.Phase is ChunkPhase.Running or ChunkPhase.Ahead)
        {
            actions.Add(new PoolAction(CancelAtWorker, chunk.Worker, chunk));
            return;
        }

        EndUnbegun(chunk, actions);
    }

    private void EndUnbegun(ChunkState chunk, List<PoolAction> actions)
    {
        End(chunk, actions);
        if (!chunk.IsAbandoned)
        {
            actions.Add(new PoolAction(EndCancelled, Chunk: chunk));
        }
    }

    private void End(ChunkState chunk, List<PoolAction> actions)
    {
        _handover.Remove(chunk);
        _held.Remove(chunk);
        chunk.Phase = ChunkPhase.Ended;
        chunk.Job.Chunks.Remove(chunk);
        if (chunk.IsAbandoned)
        {
            chunk.Forgotten();
        }

        ForgetIfOver(chunk.Job, actions);
    }

    private void ForgetIfOver(JobState job, List<PoolAction> actions)
    {
        if (!job.IsClosed || job.Chunks.Count > 0)
        {
            return;
        }

        job.Over();
        foreach (var worker in _workers)
        {
            worker.LoadedJobs.Remove(job);
            if (worker.OpenJobs.Remove(job))
            {
                actions.Add(new PoolAction(PoolActionKind.CloseJob, worker, Job: job));
            }
        }
    }
}
