using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

/// <summary>A scheduler and a short way to tell it things and to see what it wants.</summary>
internal sealed class SchedulerHarness
{
    private readonly List<ItemRange> _accepted = [];

    public SchedulerHarness() => Scheduler = new Scheduler(Time);

    public ManualTime Time { get; } = new();

    public Scheduler Scheduler { get; }

    public static JobId Job(ulong number = 1) => new(number);

    public NodeId Attach(uint number = 1, int slots = 1, int prefetch = 0, string? name = null, params (string Key, string Value)[] labels)
    {
        NodeId id = new(number);
        Scheduler.NodeAttached(id, new NodeTerms { Name = name ?? $"n{number}", Slots = slots, Prefetch = prefetch, Labels = labels.ToDictionary(l => l.Key, l => l.Value) });
        return id;
    }

    /// <summary>Opens a job with all its items, and ends its inputs.</summary>
    public JobId Run(ulong items, JobTerms? terms = null, ulong number = 1, long bytesPerItem = 8)
    {
        JobId id = Job(number);
        Scheduler.JobOpened(id, terms ?? new JobTerms());
        Add(id, 0, items, bytesPerItem);
        Scheduler.InputsEnded(id);
        return id;
    }

    public void Add(JobId id, ulong first, ulong count, long bytesPerItem = 8) =>
        Scheduler.InputsAdded(id, new ItemRange(first, count), (long)count * bytesPerItem);

    /// <summary>The commands since the last call.</summary>
    public List<SchedulerCommand> Take()
    {
        List<SchedulerCommand> commands = [.. Scheduler.Commands.AsSpan()];
        Scheduler.Commands.Clear();
        return commands;
    }

    /// <summary>The commands of one kind since the last call; others are dropped.</summary>
    public List<SchedulerCommand> Take(CommandKind kind) => Take().FindAll(command => command.Kind == kind);

    public List<SchedulerCommand> TakeDispatched() => Take(CommandKind.Dispatch);

    public SchedulerCommand TakeOneDispatched() => Assert.Single(TakeDispatched());

    public void Start(SchedulerCommand dispatch) => Scheduler.ChunkStarted(dispatch.Chunk);

    public List<ItemRange> Succeed(SchedulerCommand dispatch, double secondsPerItem = 0.001, ItemRange? items = null, long resultBytes = 8)
    {
        ItemRange range = items ?? dispatch.Items;
        Scheduler.ItemsSucceeded(dispatch.Chunk, range, resultBytes * (long)range.Count, TimeSpan.FromSeconds(secondsPerItem * range.Count), _accepted);
        return _accepted;
    }

    public void End(SchedulerCommand dispatch, ChunkOutcome outcome = ChunkOutcome.Done, double seconds = 0.001) =>
        Scheduler.ChunkEnded(dispatch.Chunk, outcome, TimeSpan.FromSeconds(seconds));

    /// <summary>A chunk that runs to its end without trouble.</summary>
    public void Finish(SchedulerCommand dispatch, double secondsPerItem = 0.001, long resultBytes = 8)
    {
        Start(dispatch);
        Succeed(dispatch, secondsPerItem, resultBytes: resultBytes);
        End(dispatch, ChunkOutcome.Done, secondsPerItem * dispatch.Items.Count);
    }

    /// <summary>Finishes chunks until the job with this number has measured its items and only prefetch limits what goes out.</summary>
    public List<SchedulerCommand> FinishAll(double secondsPerItem, int atMost = int.MaxValue)
    {
        List<SchedulerCommand> all = [];
        Queue<SchedulerCommand> open = new(TakeDispatched());
        while (atMost-- > 0 && open.TryDequeue(out SchedulerCommand next))
        {
            all.Add(next);
            Finish(next, secondsPerItem);
            foreach (SchedulerCommand dispatch in TakeDispatched())
            {
                open.Enqueue(dispatch);
            }
        }

        return all;
    }
}
