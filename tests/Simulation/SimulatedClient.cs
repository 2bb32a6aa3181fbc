using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>A client with one job: sends inputs within its window, changes its mind, reads slowly.</summary>
/// <param name="id">The job.</param>
/// <param name="plan">What it does.</param>
/// <param name="known">Items whose answers the client has from an earlier run of the job; null: there was none.</param>
/// <param name="world">Where it is.</param>
internal sealed class SimulatedClient(JobId id, JobPlan plan, Func<ulong, bool>? known, World world)
{
    private ulong _sent;

    public JobId Id => id;

    public JobPlan Plan => plan;

    public void Open()
    {
        world.Ledger.JobOpens(id, plan);
        world.Scheduler.JobOpened(id, plan.Terms);
        world.Opened(this);
        PlanFeed();
        if (world.Random.Next(6) == 0)
        {
            world.Agenda.After(world.Random.NextSeconds(20), () => world.Scheduler.JobCancelled(id));
        }

        for (int i = world.Random.Next(4); plan.Count > 0 && i > 0; i--)
        {
            world.Agenda.After(world.Random.NextSeconds(4), CancelSome);
        }

        if (world.Random.Next(4) == 0)
        {
            world.Agenda.After(world.Random.NextSeconds(5), () => Block(true));
        }
    }

    private void PlanFeed() => world.Agenda.After(world.Random.NextSeconds(0.02), Feed);

    private void Feed()
    {
        if (!world.Ledger.IsOpen(id))
        {
            return;
        }

        if (_sent == plan.Count)
        {
            world.Ledger.InputsEnd(id);
            world.Scheduler.InputsEnded(id);
            return;
        }

        ulong skipped = 0;
        for (; _sent + skipped < plan.Count && known?.Invoke(_sent + skipped) == true; skipped++)
        {
        }

        if (skipped > 0)
        {
            ItemRange answered = new(_sent, skipped);
            _sent += skipped;
            world.Ledger.InputsSkipped(id, answered);
            world.Scheduler.InputsSkipped(id, answered);
            PlanFeed();
            return;
        }

        ulong room = plan.Window - Math.Min(plan.Window, world.Ledger.Unanswered(id));
        ulong count = Math.Min(Math.Min((ulong)plan.Batch, plan.Count - _sent), room);
        for (ulong i = 1; i < count && known is not null; i++)
        {
            count = known(_sent + i) ? i : count;
        }

        if (count > 0)
        {
            ItemRange items = new(_sent, count);
            _sent += count;
            world.Ledger.InputsCome(id, items);
            world.Scheduler.InputsAdded(id, items, (long)count * (world.Random.Next(10) == 0 ? 300_000 : 8));
        }

        PlanFeed();
    }

    private void CancelSome()
    {
        // What came last is most likely in the hands of a worker.
        ulong recent = Math.Min(_sent, 30);
        ulong first = recent > 0 && world.Random.Next(2) == 0 ? _sent - 1 - (ulong)world.Random.NextInt64((long)recent) : (ulong)world.Random.NextInt64((long)plan.Count);
        ItemRange items = new(first, (ulong)world.Random.NextInt64(1, (long)(plan.Count - first) + 1));
        bool force = world.Random.Next(2) == 0;
        world.Ledger.CancelRequested(id, items);
        world.Scheduler.ItemsCancelled(id, items, force);
    }

    private void Block(bool isBlocked)
    {
        world.Ledger.OutputBlocks(id, isBlocked);
        if (isBlocked)
        {
            world.Scheduler.OutputBlocked(id);
            world.Agenda.After(world.Random.NextSeconds(3), () => Block(false));
        }
        else
        {
            world.Scheduler.OutputUnblocked(id);
        }
    }
}
