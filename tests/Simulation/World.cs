using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>A cluster that a seed has made up, around the real scheduler.</summary>
internal sealed class World
{
    // Long after the last crash and the longest job; who is not done by then hangs.
    private static readonly TimeSpan Horizon = TimeSpan.FromHours(2000);

    // Many times what the busiest seeds need.
    private const long MaxEvents = 20_000_000;

    // How often the scheduler is told that time has passed. Where nothing else happens the steps grow, or the hours would never end.
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<NodeId, SimulatedNode> _nodes = [];
    private readonly Dictionary<JobId, SimulatedClient> _clients = [];
    private readonly Dictionary<JobPlan, JobId> _open = [];
    private readonly List<ItemRange> _accepted = [];
    private readonly Books _books;
    private readonly CommandAudit _commands;
    private readonly BalanceAudit _balance;
    private readonly double _longestDelay;
    private readonly bool _isContended;
    private uint _lastNode;
    private ulong _lastJob;

    public World(int seed, int maxNodes, int maxJobs)
    {
        Random = new Random(seed);
        Agenda = new Agenda(Clock);
        _longestDelay = Random.Next(6) == 0 ? 0.5 : 0.002;
        Scheduler = new Scheduler(Clock);
        _books = new Books(Clock);
        Ledger = new Ledger(_books, Clock);
        _commands = new CommandAudit(_books, Clock);
        _balance = new BalanceAudit(_books);
        _isContended = Random.Next(12) == 0;
        string[] names = [.. Enumerable.Range(1, Random.Next(1, (_isContended ? 2 : maxNodes) + 1)).Select(number => $"n{number}")];
        foreach (string name in names)
        {
            NodeTerms terms = new()
            {
                Name = name,
                Slots = Random.Next(1, _isContended ? 4 : 9),
                Prefetch = Random.Next(0, _isContended ? 3 : 9),
                Labels = Random.Next(2) == 0 ? new Dictionary<string, string> { ["disk"] = "ssd" } : new Dictionary<string, string>(),
            };
            Agenda.After(Random.NextSeconds(2), () => Attach(terms, crashes: Random.Next(3)));
        }

        for (int i = Random.Next(1, maxJobs + 1); i > 0; i--)
        {
            ulong owner = (ulong)Random.Next(1, 4);
            PlanJob(_isContended ? JobPlan.Contending(Random, owner) : new JobPlan(Random, owner, names), known: null, Random.NextSeconds(5));
        }

        for (int restarts = Random.Next(6) == 0 ? Random.Next(1, 4) : 0; restarts > 0; restarts--)
        {
            Agenda.After(Random.NextSeconds(15), Restart);
        }
    }

    public Random Random { get; }

    public VirtualClock Clock { get; } = new();

    public Agenda Agenda { get; }

    public Scheduler Scheduler { get; private set; }

    /// <summary>How often the coordinator has started again.</summary>
    public int Epoch { get; private set; }

    public Ledger Ledger { get; }

    public TimeSpan Latency() => Random.NextSeconds(_longestDelay);

    /// <summary>Runs until nothing happens any more.</summary>
    /// <param name="checkEvery">After how many events the books are balanced.</param>
    /// <returns>How many events there were.</returns>
    public long Run(int checkEvery)
    {
        long events = 0;
        TimeSpan tick = TickPeriod;
        TimeSpan step = TickPeriod;
        while (Agenda.Next is not null || Ledger.Jobs.Any(job => !job.IsReleased))
        {
            if (tick < Agenda.Next || Agenda.Next is null)
            {
                Clock.Now = tick;
                step *= 1.5;
                tick += step;
                Scheduler.Tick();
                CarryOut();
                _balance.CheckAway();
            }
            else
            {
                Agenda.RunNext();
                step = TickPeriod;
                tick = Clock.Now + TickPeriod < tick ? Clock.Now + TickPeriod : tick;
                CarryOut();
            }

            if (_isContended)
            {
                _balance.CheckFairness();
            }

            if (events++ % checkEvery == 0)
            {
                _balance.CheckBalance(Scheduler);
            }

            if (Clock.Now > Horizon || events > MaxEvents)
            {
                throw new SimulationFailedException($"it does not come to an end: {string.Join("; ", Ledger.Jobs.Where(job => !job.IsReleased).Select(job => $"{job.Id} {Scheduler.GetJob(job.Id)}"))}");
            }
        }

        _balance.CheckBalance(Scheduler);
        foreach (JobBook job in Ledger.Jobs)
        {
            if (!job.HasEnded || !job.IsReleased)
            {
                throw new SimulationFailedException($"{job.Id} hangs: {Scheduler.GetJob(job.Id)}");
            }
        }

        return events;
    }

    public void SendResults(SimulatedNode node, ChunkId chunk, ItemRange items, TimeSpan busy)
    {
        for (int times = Random.Next(20) == 0 ? 2 : 1; times > 0; times--)
        {
            node.Send(scheduler =>
            {
                scheduler.ItemsSucceeded(chunk, items, (long)items.Count * 8, busy, _accepted);
                Ledger.Accept(chunk, _accepted);
            });
        }
    }

    public void SendFailure(SimulatedNode node, ChunkId chunk, ulong index) => node.Send(scheduler =>
    {
        if (scheduler.ItemFailed(chunk, index))
        {
            Ledger.Accept(chunk, [new ItemRange(index, 1)]);
        }
    });

    /// <summary>A node that was told to has seen to what it had, and says goodbye.</summary>
    public void Leave(SimulatedNode node)
    {
        node.IsDead = true;
        if (!node.IsLost)
        {
            node.IsLost = true;
            Ledger.NodeLeaves(node.Id);
            Scheduler.NodeLeft(node.Id);
            Agenda.After(Random.NextSeconds(20), () => Attach(node.Terms, node.Crashes));
        }
    }

    /// <summary>An item takes a node down.</summary>
    public void Crash(SimulatedNode node)
    {
        node.IsDead = true;
        if (!node.IsLost)
        {
            GoAndComeBack(node, node.Crashes);
        }
    }

    /// <summary>Does what the scheduler wants done.</summary>
    public void CarryOut()
    {
        foreach (ref readonly SchedulerCommand command in Scheduler.Commands.AsSpan())
        {
            SchedulerCommand what = command;
            _commands.Check(what);
            if (what.Kind is CommandKind.Dispatch or CommandKind.Adopt or CommandKind.CancelChunk && _nodes.TryGetValue(what.Node, out SimulatedNode? node))
            {
                node.Deliver(() =>
                {
                    if (what.Kind == CommandKind.Dispatch)
                    {
                        node.Receive(what, _clients[what.Job]);
                    }
                    else if (what.Kind == CommandKind.Adopt)
                    {
                        node.Adopt(what, _clients[what.Job]);
                    }
                    else
                    {
                        node.GiveUp(what.Chunk, what.Mode);
                    }
                });
            }
        }

        Scheduler.Commands.Clear();
    }

    /// <summary>A job is open, again perhaps: nodes may have items of it in hand.</summary>
    public void Opened(SimulatedClient client)
    {
        _open[client.Plan] = client.Id;
        foreach (SimulatedNode node in _nodes.Values.Where(node => !node.IsLost && !node.IsDead))
        {
            foreach ((_, ulong index) in node.Brought.Where(brought => brought.Plan == client.Plan).ToArray())
            {
                Ledger.NodeBrings(node.Id, client.Id, index);
                Scheduler.ItemHeld(node.Id, new HeldItem(client.Id, index));
            }
        }
    }

    private void Attach(NodeTerms terms, int crashes, IEnumerable<(JobPlan Plan, ulong Index)>? brought = null)
    {
        SimulatedNode node = new(new NodeId(++_lastNode), terms, crashes, this) { Brought = [.. brought ?? []] };
        _nodes.Add(node.Id, node);
        Ledger.NodeAttaches(node.Id, terms);
        HeldItem[] held = [.. node.Brought.Where(item => _open.ContainsKey(item.Plan)).Select(item => new HeldItem(_open[item.Plan], item.Index))];
        foreach (HeldItem item in held)
        {
            Ledger.NodeBrings(node.Id, item.Job, item.Index);
        }

        Scheduler.NodeAttached(node.Id, terms, held);
        for (int i = Random.Next(4); i > 0; i--)
        {
            Agenda.After(Random.NextSeconds(20), node.CrashWorker);
        }

        if (Random.Next(4) == 0)
        {
            Agenda.After(Random.NextSeconds(10), () => Suspect(node));
        }

        for (int i = Random.Next(4) == 0 ? Random.Next(1, 4) : 0; i > 0; i--)
        {
            Agenda.After(Random.NextSeconds(10), () => Disconnect(node));
        }

        if (Random.Next(4) == 0)
        {
            Agenda.After(Random.NextSeconds(10), () => Drain(node));
        }

        if (crashes > 0)
        {
            Agenda.After(Random.NextSeconds(20), () => Lose(node));
        }
    }

    /// <summary>Somebody asks the coordinator, or the node itself.</summary>
    private void Drain(SimulatedNode node)
    {
        if (node.IsLost)
        {
            return;
        }

        TimeSpan grace = Random.NextSeconds(5);
        if (Random.Next(2) == 0)
        {
            node.Drain(grace);
            return;
        }

        Ledger.NodeDrains(node.Id);
        Scheduler.NodeDraining(node.Id);
        node.Deliver(() => node.Drain(grace));
    }

    /// <summary>The coordinator dies and starts again: sessions are over, and clients go on with what has no answer.</summary>
    private void Restart()
    {
        Epoch++;
        Scheduler = new Scheduler(Clock);
        List<JobBook> forgotten = Ledger.Restart();
        _commands.Restart();
        _open.Clear();
        foreach (SimulatedNode node in _nodes.Values.Where(node => !node.IsLost).ToArray())
        {
            IReadOnlyCollection<(JobPlan, ulong)> leftovers = node.Leftovers;
            node.IsDead = node.IsLost = true;
            Agenda.After(Random.NextSeconds(5), () => Attach(node.Terms, node.Crashes, leftovers));
        }

        foreach (JobBook job in forgotten)
        {
            PlanJob(job.Plan, index => job.Items[index].IsAnswered, Random.NextSeconds(2));
        }
    }

    private void PlanJob(JobPlan plan, Func<ulong, bool>? known, TimeSpan delay)
    {
        SimulatedClient client = new(new JobId(++_lastJob), plan, known, this);
        _clients.Add(client.Id, client);
        Agenda.After(delay, client.Open);
    }

    private void Suspect(SimulatedNode node)
    {
        Ledger.NodeTrust(node.Id, false);
        Scheduler.NodeSuspected(node.Id);
        Agenda.After(Random.NextSeconds(5), () =>
        {
            if (!node.IsAway)
            {
                Trust(node);
            }
        });
    }

    private void Trust(SimulatedNode node)
    {
        Ledger.NodeTrust(node.Id, true);
        Scheduler.NodeTrusted(node.Id);
    }

    /// <summary>The connection to a node breaks. It comes back with its work within its lease, or is lost.</summary>
    private void Disconnect(SimulatedNode node)
    {
        if (node.IsLost || node.IsAway)
        {
            return;
        }

        node.Disconnect();
        Ledger.NodeDisconnects(node.Id);
        Scheduler.NodeDisconnected(node.Id);
        bool isForGood = Random.Next(4) == 0;
        Agenda.After(Random.NextSeconds(5), () =>
        {
            if (node.IsLost)
            {
                return;
            }

            if (isForGood)
            {
                Lose(node);
            }
            else
            {
                Ledger.Seen.Add(Occurrence.Return);
                Trust(node);
                node.Return();
            }
        });
    }

    /// <summary>A crash, or a partition: then its messages go on to arrive, too late.</summary>
    private void Lose(SimulatedNode node)
    {
        if (!node.IsLost)
        {
            node.IsDead = Random.Next(2) == 0;
            GoAndComeBack(node, node.Crashes - 1);
        }
    }

    private void GoAndComeBack(SimulatedNode node, int crashes)
    {
        node.IsLost = true;
        if (Random.Next(2) == 0)
        {
            // A process that ends is seen to end, a machine that is off is not.
            node.Disconnect();
            Ledger.NodeDisconnects(node.Id);
            Scheduler.NodeDisconnected(node.Id);
        }

        Agenda.After(Random.NextSeconds(5), () =>
        {
            Ledger.NodeGoes(node.Id);
            Scheduler.NodeLost(node.Id);

            // What it says now comes too late.
            node.Return();
            IReadOnlyCollection<(JobPlan, ulong)> leftovers = node.Leftovers;
            Agenda.After(Random.NextSeconds(20), () => Attach(node.Terms, crashes, leftovers));
        });
    }
}
