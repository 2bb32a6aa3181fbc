using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>A quiet cluster in which jobs never run out of items; measures the slot time that each owner gets.</summary>
internal sealed class FairnessRun
{
    private const ulong Endless = 1UL << 40;

    private static readonly TimeSpan Latency = TimeSpan.FromMicroseconds(200);

    private readonly VirtualClock _clock = new();
    private readonly Scheduler _scheduler;
    private readonly Agenda _agenda;
    private readonly List<(ulong Owner, double ItemSeconds)> _jobs = [];
    private readonly Queue<SchedulerCommand>[] _waiting;
    private readonly int[] _busy;
    private readonly int _slots;
    private readonly Dictionary<ulong, double> _used = [];
    private readonly Dictionary<ChunkId, (ulong Owner, TimeSpan Start)> _running = [];
    private readonly List<ItemRange> _accepted = [];

    public FairnessRun(int nodes, int slots, int prefetch)
    {
        _scheduler = new Scheduler(_clock);
        _agenda = new Agenda(_clock);
        _slots = slots;
        _busy = new int[nodes];
        _waiting = [.. Enumerable.Range(0, nodes).Select(_ => new Queue<SchedulerCommand>())];
        for (uint node = 0; node < nodes; node++)
        {
            _scheduler.NodeAttached(new NodeId(node), new NodeTerms { Name = $"n{node}", Slots = slots, Prefetch = prefetch });
        }
    }

    public void Add(ulong owner, double itemSeconds, int priority)
    {
        JobId id = new((ulong)_jobs.Count);
        _jobs.Add((owner, itemSeconds));
        _scheduler.JobOpened(id, new JobTerms { Owner = owner, Priority = priority });
        _scheduler.InputsAdded(id, new ItemRange(0, Endless), 0);
        CarryOut();
    }

    public void For(TimeSpan duration)
    {
        TimeSpan end = _clock.Now + duration;
        while (_agenda.Next < end)
        {
            _agenda.RunNext();
            CarryOut();
        }

        _clock.Now = end;
    }

    /// <summary>Slot time that the owner has had so far, in seconds.</summary>
    public double SlotSeconds(ulong owner) =>
        _used.GetValueOrDefault(owner) + _running.Values.Where(chunk => chunk.Owner == owner).Sum(chunk => (_clock.Now - chunk.Start).TotalSeconds);

    private void CarryOut()
    {
        foreach (ref readonly SchedulerCommand command in _scheduler.Commands.AsSpan())
        {
            if (command.Kind == CommandKind.Dispatch)
            {
                SchedulerCommand dispatch = command;
                _agenda.After(Latency, () =>
                {
                    _waiting[dispatch.Node.Value].Enqueue(dispatch);
                    StartNext(dispatch.Node.Value);
                });
            }
        }

        _scheduler.Commands.Clear();
    }

    private void StartNext(uint node)
    {
        if (_busy[node] == _slots || !_waiting[node].TryDequeue(out SchedulerCommand next))
        {
            return;
        }

        _busy[node]++;
        (ulong owner, double itemSeconds) = _jobs[(int)next.Job.Value];
        _running.Add(next.Chunk, (owner, _clock.Now));
        TimeSpan elapsed = TimeSpan.FromSeconds(itemSeconds * next.Items.Count);
        _agenda.After(Latency, () => _scheduler.ChunkStarted(next.Chunk));
        _agenda.After(elapsed, () =>
        {
            _running.Remove(next.Chunk);
            _used[owner] = _used.GetValueOrDefault(owner) + elapsed.TotalSeconds;
            _busy[node]--;
            _agenda.After(Latency, () =>
            {
                _scheduler.ItemsSucceeded(next.Chunk, next.Items, 0, elapsed, _accepted);
                _scheduler.ChunkEnded(next.Chunk, ChunkOutcome.Done, elapsed);
            });
            StartNext(node);
        });
    }
}
