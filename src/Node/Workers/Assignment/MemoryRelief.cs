using static Cluster.Node.Workers.Assignment.PoolActionKind;

namespace Cluster.Node.Workers.Assignment;

/// <summary>Turns what <see cref="MemoryLadder"/> says into steps of the pool.</summary>
/// <param name="workers">The pool's workers, as they come and go.</param>
/// <param name="handover">Hands out chunks, or holds them.</param>
internal sealed class MemoryRelief(List<WorkerState> workers, Handover handover)
{
    public void Carry(MemoryVerdict verdict, List<PoolAction> actions)
    {
        foreach (var (worker, overuse) in verdict.Killed)
        {
            Kill(worker, overuse, actions);
        }

        foreach (var worker in verdict.Recycled)
        {
            worker.IsOversized = true;
            RecallAhead(worker, actions);
            handover.RetireIfSpent(worker, actions);
        }

        handover.Pressure = verdict.Pressure;
        if (verdict.Pressure == MemoryPressure.Hold)
        {
            // Or a busy worker would go on to it.
            foreach (var worker in workers.Where(worker => worker.Running.Count > 0))
            {
                RecallAhead(worker, actions);
            }
        }

        handover.Assign(actions);
    }

    private void Kill(WorkerState worker, MemoryOveruse overuse, List<PoolAction> actions)
    {
        if (worker.IsKilled || !workers.Contains(worker))
        {
            return;
        }

        worker.IsReady = false;
        worker.IsKilled = true;
        worker.Overuse = overuse;

        // Before it is gone it may end them and begin others, which are not to blame.
        worker.Suspects.AddRange(worker.Running);
        worker.EndedInCompany |= worker.Suspects.Count > 1;
        actions.Add(new PoolAction(KillOversized, worker));
    }

    private static void RecallAhead(WorkerState worker, List<PoolAction> actions)
    {
        // The last comes back first, so that they wait in their order again.
        foreach (var chunk in worker.Ahead.Where(chunk => worker.IsReady && chunk.IsRecallable).Reverse())
        {
            chunk.IsRecalled = true;
            actions.Add(new PoolAction(Recall, worker, chunk));
        }
    }
}
