using BenchmarkDotNet.Attributes;
using Cluster.Coordinator.Scheduling;

namespace Cluster.MicroBenchmarks.Scheduling;

/// <summary>
/// What a chunk costs the coordinator's one scheduling thread: started, results, ended, and the next one dispatched. Operations are chunks;
/// each is three events. The design asks for 500,000 events a second with 1,000 nodes.
/// </summary>
[MemoryDiagnoser]
public class SchedulerBenchmarks
{
    private const int ChunksPerRun = 100_000;
    private const ulong Endless = 1UL << 50;

    private readonly Queue<SchedulerCommand> _out = new(65_536);
    private readonly List<ItemRange> _accepted = new(16);
    private Scheduler _scheduler = null!;

    [Params(1, 1000)]
    public int Nodes { get; set; }

    [Params(1, 20)]
    public int Owners { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _scheduler = new Scheduler(TimeProvider.System);
        for (uint node = 1; node <= Nodes; node++)
        {
            _scheduler.NodeAttached(new NodeId(node), new NodeTerms { Name = $"n{node}", Slots = 4, Prefetch = 4 });
        }

        for (ulong job = 1; job <= (ulong)Owners; job++)
        {
            _scheduler.JobOpened(new JobId(job), new JobTerms { Owner = job });
            _scheduler.InputsAdded(new JobId(job), new ItemRange(0, Endless), 0);
        }

        Collect();
        FinishChunks();
    }

    [Benchmark(OperationsPerInvoke = ChunksPerRun)]
    public int FinishChunks()
    {
        for (int i = 0; i < ChunksPerRun; i++)
        {
            SchedulerCommand chunk = _out.Dequeue();
            TimeSpan busy = TimeSpan.FromMicroseconds(100 * chunk.Items.Count);
            _scheduler.ChunkStarted(chunk.Chunk);
            _scheduler.ItemsSucceeded(chunk.Chunk, chunk.Items, 8 * (long)chunk.Items.Count, busy, _accepted);
            _scheduler.ChunkEnded(chunk.Chunk, ChunkOutcome.Done, busy);
            Collect();
        }

        return _out.Count;
    }

    private void Collect()
    {
        foreach (ref readonly SchedulerCommand command in _scheduler.Commands.AsSpan())
        {
            if (command.Kind == CommandKind.Dispatch)
            {
                _out.Enqueue(command);
            }
        }

        _scheduler.Commands.Clear();
    }
}
