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
    private readonly LinkedList<ChunkState> _runnable = [];

    /// <summary>Chunks that workers run.</summary>
    public int RunningCount { get; private set; }

    /// <summary>Chunks that wait for code, or for a worker, or in one.</summary>
    public int WaitingCount { get; private set; }

    public IReadOnlyList<WorkerState> Workers => _workers;

    /// <summary>A process was started; it takes no chunk before it says that it is ready.</summary>
    public void AddWorker(WorkerState worker) => _workers.Add(worker);

    public void WorkerReady(WorkerState worker, List<PoolAction> actions)
    {
        if (_workers.Contains(worker))
        {
            worker.IsReady = true;
            Assign(actions);
        }
    }

    /// <summary>A process is gone, or can be trusted no longer: its chunks are answered and a replacement is asked for.</summary>
    public void WorkerLost(WorkerState worker, List<PoolAction> actions)
    {
        if (!_workers.Remove(worker))
        {
            return;
        }

        worker.IsReady = false;
        actions.Add(new PoolAction(StartWorker));
        while (worker.Running.Count > 0)
        {
            var chunk = worker.Running[0];
            End(chunk, actions);
            if (!chunk.IsAbandoned)
            {
                actions.Add(new PoolAction(chunk.IsCancelled ? EndCancelled : EndWorkerLost, worker, chunk));
            }
        }

        // What it had not begun has nothing to do with its end. The last comes first, so that they wait in their order again.
        while (worker.Ahead.Count > 0)
        {
            TakeBack(worker.Ahead[^1], actions);
        }

        Assign(actions);
    }

    public void JobReady(JobState job, List<PoolAction> actions)
    {
        if (job.Phase != JobPhase.Preparing)
        {
            return;
        }

        job.Phase = JobPhase.Ready;
        foreach (var chunk in job.Chunks)
        {
            Enqueue(chunk);
        }

        Assign(actions);
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
            Cancel(chunk, actions);
        }

        ForgetIfOver(job, actions);
    }

    public void ChunkArrived(ChunkState chunk, List<PoolAction> actions)
    {
        WaitingCount++;
        chunk.Job.Chunks.AddLast(chunk);
        switch (chunk.Job)
        {
            case { IsClosed: true }:
                Cancel(chunk, actions);
                break;
            case { Phase: JobPhase.Failed }:
                End(chunk, actions);
                actions.Add(new PoolAction(EndCodeFailed, Chunk: chunk, Job: chunk.Job));
                break;
            case { Phase: JobPhase.Ready }:
                Enqueue(chunk);
                Assign(actions);
                break;
            default:
                break;
        }
    }

    /// <summary>Withdraws a chunk: dropped where it waits, asked to stop where it runs.</summary>
    public void Cancel(ChunkState chunk, List<PoolAction> actions)
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

    /// <summary>A cancelled chunk had its time to stop. If it still runs its worker is ended, and takes nothing more.</summary>
    public void GraceOver(ChunkState chunk, List<PoolAction> actions)
    {
        if (chunk is { Phase: ChunkPhase.Running, IsCancelled: true, Worker: { } worker } && _workers.Contains(worker))
        {
            worker.IsReady = false;
            actions.Add(new PoolAction(KillWorker, worker, chunk));
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
        End(chunk, actions);
        if (next?.Phase == ChunkPhase.Ahead)
        {
            Begin(next, actions);
        }

        BeginArrivals(worker, actions);
        Assign(actions);
    }

    /// <summary>A worker has given back a chunk that it had not begun.</summary>
    public void HandedBack(ChunkState chunk, List<PoolAction> actions)
    {
        if (chunk is { Phase: ChunkPhase.Ahead, Worker: { } worker })
        {
            TakeBack(chunk, actions);
            BeginArrivals(worker, actions);
            Assign(actions);
        }
    }

    /// <summary>A worker has begun a chunk: the recall came too late.</summary>
    public void Begun(ChunkState chunk, List<PoolAction> actions)
    {
        if (chunk is { Phase: ChunkPhase.Ahead, Worker: { } worker })
        {
            Begin(chunk, actions);
            BeginArrivals(worker, actions);
            Assign(actions);
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

    private void Enqueue(ChunkState chunk)
    {
        chunk.Phase = ChunkPhase.WaitsForWorker;
        _runnable.AddLast(chunk);
    }

    private void Assign(List<PoolAction> actions)
    {
        while (_runnable.First is { Value: var chunk } && Choose(chunk.Job) is { } worker)
        {
            _runnable.RemoveFirst();
            Hand(chunk, worker, actions);
        }

        if (_runnable.Count == 0)
        {
            Recall(actions);
        }
    }

    private void Hand(ChunkState chunk, WorkerState worker, List<PoolAction> actions)
    {
        chunk.Phase = ChunkPhase.Ahead;
        chunk.Worker = worker;
        worker.Ahead.Add(chunk);
        if (worker.OpenJobs.Add(chunk.Job))
        {
            actions.Add(new PoolAction(OpenJob, worker, Job: chunk.Job));
        }

        actions.Add(new PoolAction(Send, worker, chunk, chunk.Job));
        BeginArrivals(worker, actions);
    }

    /// <summary>What is on its way to a free thread begins when it arrives, unless a recall overtakes it there: then the worker says which it was.</summary>
    private void BeginArrivals(WorkerState worker, List<PoolAction> actions)
    {
        while (worker is { HasFreeThread: true, Ahead: [{ IsRecalled: false } first, ..] })
        {
            Begin(first, actions);
        }
    }

    private void Begin(ChunkState chunk, List<PoolAction> actions)
    {
        WaitingCount--;
        RunningCount++;
        chunk.Phase = ChunkPhase.Running;
        chunk.IsRecalled = false;
        chunk.Worker!.Ahead.Remove(chunk);
        chunk.Worker.Running.Add(chunk);
        actions.Add(new PoolAction(PoolActionKind.Begun, chunk.Worker, chunk));
    }

    /// <summary>For each free thread that nothing is on its way to, one chunk that waits in a busy worker.</summary>
    private void Recall(List<PoolAction> actions)
    {
        var wanted = 0;
        foreach (var worker in _workers)
        {
            wanted += worker is { HasFreeThread: true, Ahead.Count: 0 } ? worker.Threads - worker.Running.Count : 0;
        }

        if (wanted > 0)
        {
            wanted -= _workers.Sum(worker => worker.Ahead.Count(chunk => chunk.IsRecalled));
        }

        for (; wanted > 0 && FindRecallable() is { } chunk; wanted--)
        {
            chunk.IsRecalled = true;
            actions.Add(new PoolAction(PoolActionKind.Recall, chunk.Worker, chunk));
        }
    }

    /// <summary>The last chunk in the worker that has the most.</summary>
    private ChunkState? FindRecallable()
    {
        ChunkState? best = null;
        foreach (var worker in _workers)
        {
            if (worker.IsReady && worker.Ahead.FindLast(chunk => chunk.IsWorthRecalling) is { } last
                && (best is null || worker.Ahead.Count > best.Worker!.Ahead.Count))
            {
                best = last;
            }
        }

        return best;
    }

    private void TakeBack(ChunkState chunk, List<PoolAction> actions)
    {
        chunk.Worker!.Ahead.Remove(chunk);
        chunk.Worker = null;
        chunk.IsRecalled = false;
        chunk.Phase = ChunkPhase.WaitsForWorker;
        _runnable.AddFirst(chunk);
        if (chunk.IsCancelled || chunk.Job.IsClosed)
        {
            EndUnbegun(chunk, actions);
        }
    }

    private void EndUnbegun(ChunkState chunk, List<PoolAction> actions)
    {
        End(chunk, actions);
        if (!chunk.IsAbandoned)
        {
            actions.Add(new PoolAction(EndCancelled, Chunk: chunk));
        }
    }

    /// <summary>The worker with the fewest chunks; among equals one that has loaded the job's code already.</summary>
    private WorkerState? Choose(JobState job)
    {
        WorkerState? best = null;
        var bestHasCode = false;
        foreach (var worker in _workers)
        {
            if (!worker.HasRoom || (best is not null && worker.Held > best.Held))
            {
                continue;
            }

            var hasCode = worker.OpenJobs.Contains(job);
            if (best is null || worker.Held < best.Held || (hasCode && !bestHasCode))
            {
                best = worker;
                bestHasCode = hasCode;
            }
        }

        return best;
    }

    private void End(ChunkState chunk, List<PoolAction> actions)
    {
        if (chunk.Phase == ChunkPhase.Running)
        {
            RunningCount--;
            chunk.Worker!.Running.Remove(chunk);
        }
        else
        {
            WaitingCount--;
            chunk.Worker?.Ahead.Remove(chunk);
            if (chunk.Phase == ChunkPhase.WaitsForWorker)
            {
                _runnable.Remove(chunk);
            }
        }

        chunk.Phase = ChunkPhase.Ended;
        chunk.Job.Chunks.Remove(chunk);
        ForgetIfOver(chunk.Job, actions);
    }

    private void ForgetIfOver(JobState job, List<PoolAction> actions)
    {
        if (!job.IsClosed || job.Chunks.Count > 0)
        {
            return;
        }

        foreach (var worker in _workers)
        {
            if (worker.OpenJobs.Remove(job))
            {
                actions.Add(new PoolAction(PoolActionKind.CloseJob, worker, Job: job));
            }
        }
    }
}
