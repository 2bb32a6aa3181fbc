using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>A node with workers: runs chunks one item after the other, with a network on which messages are late but in order.</summary>
internal sealed class SimulatedNode(NodeId id, NodeTerms terms, int crashes, World world)
{
    private readonly Queue<Assignment> _waiting = new();
    private readonly List<Assignment> _running = [];
    private readonly double _slowness = Math.Pow(4, world.Random.NextDouble() - 0.3) * (world.Random.Next(10) == 0 ? 100 : 1);
    private readonly int _epoch = world.Epoch;
    private readonly SimulatedLink _toCoordinator = new(world);
    private readonly SimulatedLink _fromCoordinator = new(world);
    private bool _hasLeft;

    public NodeId Id => id;

    public NodeTerms Terms => terms;

    /// <summary>How often it will be lost without reason.</summary>
    public int Crashes => crashes;

    /// <summary>The machine is off.</summary>
    public bool IsDead { get; set; }

    /// <summary>It is to leave: it gives back what it has not begun, and stops after the items that run.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>There is no connection: what either side says waits for the next.</summary>
    public bool IsAway { get; private set; }

    /// <summary>The coordinator will hear that it is gone.</summary>
    public bool IsLost { get; set; }

    /// <summary>Something is under way to the node: it comes after what was sent before.</summary>
    public void Deliver(Action message) => _fromCoordinator.Send(() =>
    {
        if (!IsDead && _epoch == world.Epoch)
        {
            message();
        }
    });

    /// <summary>The connection breaks. The node goes on with what it has.</summary>
    public void Disconnect()
    {
        IsAway = true;
        _toCoordinator.Break();
        _fromCoordinator.Break();
    }

    /// <summary>There is a connection again, and both sides say what the other has not heard.</summary>
    public void Return()
    {
        IsAway = false;
        _toCoordinator.Mend();
        _fromCoordinator.Mend();
    }

    /// <summary>It is told to leave, by the coordinator or by somebody else.</summary>
    public void Drain(TimeSpan grace)
    {
        if (IsDead || IsDraining)
        {
            return;
        }

        IsDraining = true;
        Send(scheduler =>
        {
            world.Ledger.NodeDrains(id);
            scheduler.NodeDraining(id);
        });
        while (_waiting.TryDequeue(out Assignment? waiting))
        {
            if (!waiting.IsOver)
            {
                waiting.IsOver = true;
                SendEnd(waiting.Chunk, ChunkOutcome.Cancelled, TimeSpan.Zero);
            }
        }

        bool isHurried = world.Random.Next(3) == 0;
        world.Agenda.After(grace, () =>
        {
            if (isHurried)
            {
                // It says goodbye with chunks in its hands: that is the coordinator's word for giving them back.
                Goodbye();
                return;
            }

            foreach (Assignment running in _running.ToArray())
            {
                End(running, ChunkOutcome.Cancelled);
            }

            LeaveIfEmpty();
        });
        LeaveIfEmpty();
    }

    private void LeaveIfEmpty()
    {
        if (IsDraining && _running.Count == 0)
        {
            Goodbye();
        }
    }

    private void Goodbye()
    {
        if (!IsDead && !_hasLeft)
        {
            _hasLeft = true;
            Send(_ => world.Leave(this));
        }
    }

    /// <summary>Items, each in a chunk of its own, that run on when the session is over: the node brings them to the next.</summary>
    public IReadOnlyCollection<(JobPlan Plan, ulong Index)> Leftovers =>
        IsDead ? [] : [.. _running.Where(running => running.Items.Count == 1).Select(running => (running.Client.Plan, running.Items.First)).Concat(Brought).Distinct()];

    /// <summary>What it had in hand when it attached, and nobody has asked for.</summary>
    public HashSet<(JobPlan Plan, ulong Index)> Brought { get; init; } = [];

    /// <summary>It is asked to go on with something that it brought along. It may have given that up.</summary>
    public void Adopt(in SchedulerCommand adopt, SimulatedClient client)
    {
        if (!Brought.Remove((client.Plan, adopt.Items.First)) || IsDraining || world.Random.Next(10) == 0)
        {
            SendEnd(adopt.Chunk, ChunkOutcome.Cancelled, TimeSpan.Zero);
            return;
        }

        Start(new Assignment(adopt, client));
    }

    public void Receive(in SchedulerCommand dispatch, SimulatedClient client)
    {
        if (IsDraining)
        {
            SendEnd(dispatch.Chunk, ChunkOutcome.Cancelled, TimeSpan.Zero);
            return;
        }

        _waiting.Enqueue(new Assignment(dispatch, client));
        StartWaiting();
    }

    public void GiveUp(ChunkId chunk, CancelMode mode)
    {
        if (_waiting.FirstOrDefault(a => a.Chunk == chunk) is Assignment waiting)
        {
            waiting.IsOver = true;
            SendEnd(chunk, ChunkOutcome.Cancelled, TimeSpan.Zero);
        }
        else if (mode != CancelMode.UnlessBegun && _running.Find(a => a.Chunk == chunk) is Assignment running && (mode == CancelMode.Force || world.Random.Next(2) == 0))
        {
            // A worker that is killed on request may be reported either way.
            End(running, mode == CancelMode.Force && world.Random.Next(3) == 0 ? ChunkOutcome.WorkerLost : ChunkOutcome.Cancelled);
        }
    }

    public void CrashWorker()
    {
        if (_running.Count > 0)
        {
            Assignment victim = _running[world.Random.Next(_running.Count)];
            End(victim, Loss(victim, null));
        }
    }

    /// <summary>Workers may have several threads: what is not alone there may have died of something else. Some take too much memory, and are ended; others are killed.</summary>
    private ChunkOutcome Loss(Assignment victim, ChunkOutcome? cause) =>
        world.Random.Next(victim.IsAlone ? 30 : 2) == 0 ? ChunkOutcome.SharedWorkerLost
        : cause ?? world.Random.Next(6) switch { 0 => ChunkOutcome.OutOfMemory, < 3 => ChunkOutcome.WorkerKilled, _ => ChunkOutcome.WorkerLost };

    private void StartWaiting()
    {
        while (!IsDead && _running.Count < terms.Slots && _waiting.TryDequeue(out Assignment? next))
        {
            if (next.IsOver)
            {
                continue;
            }

            Start(next);
        }
    }

    private void Start(Assignment next)
    {
        next.StartedAt = world.Clock.Now;
        _running.Add(next);
        bool isUnloadable = next.Client.Plan.UnloadableOn.Contains(terms.Name);
        if (next.Client.Plan.IsCodeBroken || isUnloadable)
        {
            world.Agenda.After(world.Latency(), () => End(next, isUnloadable ? ChunkOutcome.CodeUnavailable : ChunkOutcome.CodeFailed));
            return;
        }

        Send(s =>
        {
            world.Ledger.ChunkStarts(next.Chunk);
            s.ChunkStarted(next.Chunk);
        });
        RunSome(next);
    }

    /// <summary>Runs items up to the next flush, failure or crash.</summary>
    private void RunSome(Assignment assignment)
    {
        ulong first = assignment.Next;
        ulong end = Math.Min(assignment.Items.End, first + (ulong)world.Random.Next(1, world.Random.Next(2) == 0 ? 10 : 2000));
        double seconds = 0;
        ulong index = first;
        JobPlan plan = assignment.Client.Plan;
        while (index < end && plan.IsHarmless(index, assignment.Tries))
        {
            seconds += plan.SecondsOf(index++) * _slowness;
        }

        world.Agenda.After(TimeSpan.FromSeconds(seconds + 1e-6), () => Flush(assignment, ItemRange.Between(first, index), seconds));
    }

    private void Flush(Assignment assignment, ItemRange done, double seconds)
    {
        if (IsDead || assignment.IsOver)
        {
            return;
        }

        JobPlan plan = assignment.Client.Plan;
        if (done.Count > 0)
        {
            world.SendResults(this, assignment.Chunk, done, TimeSpan.FromSeconds(seconds));
        }

        assignment.Next = done.End;
        if (assignment.Next < assignment.Items.End && plan.Failing.Contains(assignment.Next))
        {
            world.SendFailure(this, assignment.Chunk, assignment.Next++);
        }
        else if (assignment.Next < assignment.Items.End && plan.Poison.TryGetValue(assignment.Next, out ChunkOutcome? death))
        {
            End(assignment, Loss(assignment, death));
            return;
        }
        else if (assignment.Next < assignment.Items.End && plan.Hangs(assignment.Next, assignment.Tries))
        {
            world.Agenda.After(world.Random.NextSeconds(2), () => TimeOut(assignment));
            return;
        }

        if (assignment.Next < assignment.Items.End && plan.NodePoison.Contains(assignment.Next))
        {
            world.Crash(this);
        }
        else if (assignment.Next == assignment.Items.End)
        {
            End(assignment, ChunkOutcome.Done);
        }
        else if (IsDraining)
        {
            End(assignment, ChunkOutcome.Cancelled);
        }
        else
        {
            RunSome(assignment);
        }
    }

    /// <summary>An item's time is up: its worker is ended, which costs the others nothing. The worker may have tried more than once by itself.</summary>
    private void TimeOut(Assignment assignment)
    {
        if (IsDead || assignment.IsOver)
        {
            return;
        }

        (ChunkId chunk, ulong index, uint tries) = (assignment.Chunk, assignment.Next, assignment.Tries + (uint)world.Random.Next(1, 3));
        End(assignment, ChunkOutcome.Cancelled, scheduler =>
        {
            world.Ledger.ItemTimesOut(chunk, index, tries);
            scheduler.ItemTimedOut(chunk, index, tries);
            world.CarryOut();
        });
    }

    private void End(Assignment assignment, ChunkOutcome outcome, Action<Scheduler>? before = null)
    {
        if (IsDead || assignment.IsOver)
        {
            return;
        }

        assignment.IsOver = true;
        _running.Remove(assignment);
        TimeSpan elapsed = world.Clock.Now - assignment.StartedAt;
        int times = world.Random.Next(20) == 0 ? 2 : 1;
        for (int i = 0; i < times; i++)
        {
            SendEnd(assignment.Chunk, outcome, elapsed, before);
        }

        StartWaiting();
        LeaveIfEmpty();
    }

    private void SendEnd(ChunkId chunk, ChunkOutcome outcome, TimeSpan elapsed, Action<Scheduler>? before = null) => Send(scheduler =>
    {
        before?.Invoke(scheduler);
        world.Ledger.ChunkEnds(chunk, outcome, elapsed);
        scheduler.ChunkEnded(chunk, outcome, elapsed);
    });

    public void Send(Action<Scheduler> message)
    {
        if (IsDead)
        {
            return;
        }

        _toCoordinator.Send(() =>
        {
            // A coordinator that has started again does not know the session.
            if (_epoch == world.Epoch)
            {
                message(world.Scheduler);
            }
        });
    }

    private sealed class Assignment(SchedulerCommand dispatch, SimulatedClient client)
    {
        public ChunkId Chunk => dispatch.Chunk;

        public SimulatedClient Client => client;

        public ItemRange Items => dispatch.Items;

        /// <summary>It has its worker for itself.</summary>
        public bool IsAlone => dispatch.Alone;

        /// <summary>How many attempts have failed before.</summary>
        public uint Tries => dispatch.Tries;

        public ulong Next { get; set; } = dispatch.Items.First;

        public TimeSpan StartedAt { get; set; }

        public bool IsOver { get; set; }
    }
}
