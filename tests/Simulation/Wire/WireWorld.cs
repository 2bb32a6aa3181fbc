namespace Cluster.Simulation.Wire;

/// <summary>
/// A coordinator, nodes and clients that a seed has made up, with the real protocol between them: connections break, fall silent and bring late what was
/// under way, and the coordinator starts again.
/// </summary>
internal sealed class WireWorld
{
    private const int MaxEvents = 200_000;

    // The last fault comes before, and what it led to is over before twice of it.
    private static readonly TimeSpan Turmoil = TimeSpan.FromSeconds(12);

    // A lease, the dialling after it, and some heartbeats.
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(20);

    private readonly AgendaTime _time;
    private readonly List<WireNode> _nodes = [];
    private readonly List<WireClient> _clients = [];
    private readonly double _longestDelay;
    private string? _failure;

    public WireWorld(int seed)
    {
        Random = new Random(seed);
        Agenda = new Agenda(Clock);
        _time = new AgendaTime(Clock, Agenda);
        _longestDelay = Random.Next(4) == 0 ? 0.3 : 0.01;
        Coordinator = new WireCoordinator(this, _time);
        for (int i = Random.Next(1, 4); i > 0; i--)
        {
            WireNode node = new(this, $"n{i}", _time);
            _nodes.Add(node);
            Agenda.After(Random.NextSeconds(1), node.Dial);
            Plan(Random.Next(6), () => node.Break());
            Plan(Random.Next(5) == 0 ? 1 : 0, node.FallSilent);
        }

        for (int i = Random.Next(1, 4); i > 0; i--)
        {
            WireClient client = new(this, _time);
            _clients.Add(client);
            Agenda.After(Random.NextSeconds(1), client.Open);
            Plan(Random.Next(3) == 0 ? Random.Next(1, 4) : 0, client.Break);
        }

        Plan(Random.Next(4) == 0 ? Random.Next(1, 3) : 0, Restart);
    }

    public Random Random { get; }

    public VirtualClock Clock { get; } = new();

    public Agenda Agenda { get; }

    public WireCoordinator Coordinator { get; private set; }

    public HashSet<WireOccurrence> Seen { get; } = [];

    public TimeSpan Latency() => Random.NextSeconds(_longestDelay);

    /// <summary>A promise is broken, where nobody would hear of an exception.</summary>
    public void Fail(string how) => _failure ??= how;

    public void Run()
    {
        for (int events = 0; !_clients.TrueForAll(client => client.IsDone); events++)
        {
            Require.That(events < MaxEvents, "it does not come to an end");
            RunNext();
        }

        // The last fault may have left a node without a connection.
        TimeSpan end = (Clock.Now > Turmoil ? Clock.Now : Turmoil) + Calm;
        while (Agenda.Next < end)
        {
            RunNext();
        }

        foreach (WireNode node in _nodes)
        {
            Require.That(node.IsConnected, "a node does not find the coordinator again");
            Require.That(node.OpenJobs == 0, $"a node was not told of the end of {node.OpenJobs} jobs");
            Require.That(node.Unacknowledged == 0, $"{node.Unacknowledged} messages of a node were never acknowledged");
        }

        Require.That(Coordinator.Connections == _nodes.Count, $"{Coordinator.Connections} connections of {_nodes.Count} nodes are served");
        Require.That(Coordinator.Unacknowledged == 0, $"{Coordinator.Unacknowledged} commands were never acknowledged");
        Coordinator.Dispose();
    }

    private void RunNext()
    {
        Agenda.RunNext();
        Coordinator.Review();
        if (_failure is not null)
        {
            throw new SimulationFailedException(_failure);
        }
    }

    private void Plan(int times, Action fault)
    {
        for (; times > 0; times--)
        {
            Agenda.After(Random.NextSeconds(Turmoil.TotalSeconds), fault);
        }
    }

    /// <summary>The coordinator dies, and another takes its place, which knows nothing.</summary>
    private void Restart()
    {
        Seen.Add(WireOccurrence.Restart);
        Coordinator.Dispose();
        Coordinator = new WireCoordinator(this, _time);
        _nodes.ForEach(node => node.Break());
        _clients.ForEach(client => client.Break());
    }
}
