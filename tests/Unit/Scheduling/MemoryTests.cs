using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

/// <summary>What the scheduler allocates and keeps.</summary>
public sealed class MemoryTests
{
    private readonly SchedulerHarness _harness = new();
    private readonly List<ItemRange> _accepted = new(16);
    private readonly Queue<SchedulerCommand> _out = new(1024);

    [Fact]
    public void Ten_million_items_leave_no_trace()
    {
        _harness.Attach(1, slots: 4, prefetch: 4);
        JobId job = SchedulerHarness.Job();
        _harness.Scheduler.JobOpened(job, new JobTerms());
        ulong sent = 0;
        Cycle(job, ref sent, 100_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Cycle(job, ref sent, 10_000_000);

        // What is never allocated cannot stay.
        Assert.Equal(10_000_000UL, sent);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000);
    }

    [Fact]
    public void Chunks_allocate_nothing()
    {
        _harness.Attach(1, slots: 4, prefetch: 4);
        JobId job = SchedulerHarness.Job();
        _harness.Scheduler.JobOpened(job, new JobTerms { ChunkSize = 4 });
        ulong sent = 0;
        Cycle(job, ref sent, 40_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Cycle(job, ref sent, 80_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    /// <summary>Sends inputs and finishes chunks until so many items were sent and all are answered.</summary>
    private void Cycle(JobId job, ref ulong sent, ulong upTo)
    {
        Scheduler scheduler = _harness.Scheduler;
        do
        {
            if (sent < upTo)
            {
                scheduler.InputsAdded(job, new ItemRange(sent, 1000), 8000);
                sent += 1000;
            }

            foreach (ref readonly SchedulerCommand command in scheduler.Commands.AsSpan())
            {
                if (command.Kind == CommandKind.Dispatch)
                {
                    _out.Enqueue(command);
                }
            }

            scheduler.Commands.Clear();
            for (int i = 0; i < 500 && _out.TryDequeue(out SchedulerCommand next); i++)
            {
                scheduler.ChunkStarted(next.Chunk);
                scheduler.ItemsSucceeded(next.Chunk, next.Items, 8, TimeSpan.FromMicroseconds(next.Items.Count), _accepted);
                scheduler.ChunkEnded(next.Chunk, ChunkOutcome.Done, TimeSpan.FromMicroseconds(next.Items.Count));
                foreach (ref readonly SchedulerCommand command in scheduler.Commands.AsSpan())
                {
                    if (command.Kind == CommandKind.Dispatch)
                    {
                        _out.Enqueue(command);
                    }
                }

                scheduler.Commands.Clear();
            }
        }
        while (sent < upTo || _out.Count > 0);
    }
}
