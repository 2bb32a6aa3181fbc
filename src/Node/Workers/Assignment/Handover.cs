using static Cluster.Node.Workers.Assignment.PoolActionKind;

namespace Cluster.Node.Workers.Assignment;

/// <summary>Brings runnable chunks to workers, ahead of their time where all are busy, and back again where another is free first.</summary>
/// <param name="workers">The pool's workers, as they come and go.</param>
internal sealed class Handover(List<WorkerState> workers)
{
    private readonly LinkedList<ChunkState> _runnable = [];
    private WorkerState? _reserved;

    /// <summary>The node is to leave: chunks end after the item that runs.</summary>
    public bool IsDraining { get; set; }

    /// <summary>How much is taken on.</summary>
    public MemoryPressure Pressure { get; set; }

    public void Enqueue(ChunkState chunk)
    {
        chunk.Phase = ChunkPhase.WaitsForWorker;
        _runnable.AddLast(chunk);
    }

    public void Assign(List<PoolAction> actions)
    {
        var isFull = false;
        for (var node = _runnable.First; node is not null && !isFull;)
        {
            Reserve();
            var (chunk, next) = (node.Value, node.Next);
            if ((chunk.IsAlone ? ChooseIdle(chunk.Job) : Choose(chunk.Job)) is { } worker)
            {
                _runnable.Remove(node);
                Hand(chunk, worker, actions);
            }
            else
            {
                // Others may pass a chunk that needs a worker for itself.
                isFull = !chunk.IsAlone;
            }

            node = next;
        }

        Reserve();
        if (!isFull && Pressure != MemoryPressure.Hold)
        {
            Recall(actions);
        }
    }

    /// <summary>A chunk that waited for a worker is gone: what was held back for its sake is not any more.</summary>
    public void Settle(List<PoolAction> actions)
    {
        if (_reserved is not null && _runnable.First is not { Value.IsAlone: true })
        {
            Assign(actions);
        }
    }

    /// <summary>
    /// Where the first chunk that waits needs a worker for itself, one is given nothing more until it is idle: others would go on taking its place for ever.
    /// </summary>
    private void Reserve()
    {
        var isNeeded = _runnable.First is { Value.IsAlone: true };
        if (isNeeded && _reserved is { TakesChunks: true } && workers.Contains(_reserved))
        {
            return;
        }

        if (_reserved is not null)
        {
            _reserved.IsReserved = false;
            _reserved = null;
        }

        if (!isNeeded)
        {
            return;
        }

        foreach (var worker in workers)
        {
            if (worker.TakesChunks && (_reserved is null || worker.Held < _reserved.Held))
            {
                _reserved = worker;
            }
        }

        _reserved?.IsReserved = true;
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

        // What the pool says of a chunk's beginning must not come after what the worker says of its end.
        BeginArrivals(worker, actions);
        actions.Add(new PoolAction(Send, worker, chunk, chunk.Job));
    }

    /// <summary>What is on its way to a free thread begins when it arrives, unless a recall overtakes it there: then the worker says which it was.</summary>
    public void BeginArrivals(WorkerState worker, List<PoolAction> actions)
    {
        while (worker is { HasFreeThread: true, Ahead: [{ IsRecalled: false } first, ..] })
        {
            Begin(first, actions);
        }
    }

    public void Begin(ChunkState chunk, List<PoolAction> actions)
    {
        chunk.Phase = ChunkPhase.Running;
        chunk.IsRecalled = false;
        chunk.IsWithdrawn = false;
        chunk.Worker!.Ahead.Remove(chunk);
        chunk.Worker.Running.Add(chunk);
        actions.Add(new PoolAction(PoolActionKind.Begun, chunk.Worker, chunk));
        if (IsDraining)
        {
            actions.Add(new PoolAction(StopAfterItem, chunk.Worker, chunk));
        }

        KillIfOverdue(chunk, actions);
    }

    public void KillIfOverdue(ChunkState chunk, List<PoolAction> actions)
    {
        if (chunk is { Phase: ChunkPhase.Running, IsOverdue: true, Worker: { } worker } && workers.Contains(worker))
        {
            worker.IsReady = false;
            worker.IsKilled = true;
            actions.Add(new PoolAction(KillWorker, worker, chunk));
        }
    }

    /// <summary>For each free thread that nothing is on its way to, one chunk that waits in a busy worker.</summary>
    private void Recall(List<PoolAction> actions)
    {
        var wanted = 0;
        foreach (var worker in workers)
        {
            wanted += worker is { HasFreeThread: true, Ahead.Count: 0, IsOpen: true } ? worker.Threads - worker.Running.Count : 0;
        }

        if (wanted > 0)
        {
            wanted -= workers.Sum(worker => worker.Ahead.Count(chunk => chunk.IsRecalled));
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
        foreach (var worker in workers)
        {
            if (worker.IsReady && worker.Ahead.FindLast(chunk => chunk.IsRecallable) is { } last
                && (best is null || worker.Ahead.Count > best.Worker!.Ahead.Count))
            {
                best = last;
            }
        }

        return best;
    }

    /// <summary>The worker with the fewest chunks; among equals one that has loaded the job's code already.</summary>
    private WorkerState? Choose(JobState job)
    {
        WorkerState? best = null;
        var bestHasCode = false;
        foreach (var worker in workers)
        {
            if (!worker.HasRoom || !Admits(worker) || (best is not null && worker.Held > best.Held))
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

    /// <summary>A worker that has nothing; rather one that has loaded the job's code already.</summary>
    private WorkerState? ChooseIdle(JobState job)
    {
        WorkerState? best = null;
        foreach (var worker in workers)
        {
            if (worker.IsIdle && Admits(worker) && (best is null || (worker.OpenJobs.Contains(job) && !best.OpenJobs.Contains(job))))
            {
                best = worker;
            }
        }

        return best;
    }

    private bool Admits(WorkerState worker) => Pressure switch
    {
        MemoryPressure.None => true,
        MemoryPressure.NothingAhead => worker.Held < worker.Threads,

        // If nothing runs nothing will give memory back either: one after the other is better than none.
        _ => workers.TrueForAll(other => other.Held == 0),
    };

    /// <summary>A worker that is to be replaced has nothing in its hands any more.</summary>
    public void RetireIfSpent(WorkerState worker, List<PoolAction> actions)
    {
        if (worker is { IsReady: true, IsSpent: true, Held: 0 } && workers.Contains(worker))
        {
            worker.IsReady = false;
            actions.Add(new PoolAction(RetireWorker, worker));
        }
    }

    /// <summary>A worker does not have a chunk any more that it had not begun: it waits again, before the others.</summary>
    public void TakeBack(ChunkState chunk)
    {
        chunk.Worker!.Ahead.Remove(chunk);
        chunk.Worker = null;
        chunk.IsRecalled = false;
        chunk.Phase = ChunkPhase.WaitsForWorker;
        chunk.TakenBack();
        _runnable.AddFirst(chunk);
    }

    /// <summary>A chunk is over, wherever it was.</summary>
    public void Remove(ChunkState chunk)
    {
        chunk.Worker?.Running.Remove(chunk);
        chunk.Worker?.Ahead.Remove(chunk);
        if (chunk.Phase == ChunkPhase.WaitsForWorker)
        {
            _runnable.Remove(chunk);
        }
    }
}
