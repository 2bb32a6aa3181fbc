using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

/// <summary>How many items go into the chunks of a whole job.</summary>
public sealed class ChunkingTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void A_million_tiny_items_take_few_chunks_and_every_item_goes_once()
    {
        _harness.Attach(1, slots: 2, prefetch: 2);
        _harness.Run(1_000_000);

        List<SchedulerCommand> chunks = _harness.FinishAll(1e-8);
        Assert.InRange(chunks.Count, 5, 40);
        Assert.Equal(1_000_000UL, (ulong)chunks.Sum(c => (long)c.Items.Count));
        ulong next = 0;
        foreach (SchedulerCommand chunk in chunks)
        {
            Assert.Equal(next, chunk.Items.First);
            next = chunk.Items.End;
        }
    }

    [Fact]
    public void Chunks_have_at_most_a_mebibyte_of_inputs()
    {
        _harness.Attach(1, slots: 2, prefetch: 2);
        _harness.Run(10_000, bytesPerItem: 4096);
        Assert.All(_harness.FinishAll(1e-7), chunk => Assert.InRange(chunk.Items.Count, 1UL, 256UL));
    }

    [Fact]
    public void An_item_larger_than_that_goes_alone()
    {
        _harness.Attach(1, slots: 2, prefetch: 2);
        _harness.Run(50, bytesPerItem: 3 << 20);
        Assert.All(_harness.FinishAll(1e-7), chunk => Assert.Equal(1UL, chunk.Items.Count));
    }

    [Fact]
    public void The_tail_is_spread_over_the_slots()
    {
        _harness.Attach(1, slots: 4, prefetch: 4);
        _harness.Run(2000);
        List<SchedulerCommand> chunks = _harness.FinishAll(0.001);
        Assert.InRange(chunks.Max(c => c.Items.Count), 16UL, 50UL);
        Assert.All(chunks[^4..], chunk => Assert.Equal(1UL, chunk.Items.Count));
    }

    [Fact]
    public void A_given_chunk_size_is_kept_exactly()
    {
        _harness.Attach(1, slots: 2, prefetch: 2);
        _harness.Run(100, new JobTerms { ChunkSize = 7 });
        ulong[] sizes = [.. _harness.FinishAll(1e-5).Select(c => c.Items.Count)];
        Assert.Equal([.. Enumerable.Repeat(7UL, 14), 2UL], sizes);
    }

    [Fact]
    public void A_chunk_that_is_not_full_waits_for_more_inputs_only_while_others_are_under_way()
    {
        _harness.Attach(1, slots: 4);
        JobId job = SchedulerHarness.Job();
        _harness.Scheduler.JobOpened(job, new JobTerms { ChunkSize = 10 });
        _harness.Add(job, 0, 3);
        SchedulerCommand first = _harness.TakeOneDispatched();
        Assert.Equal(3UL, first.Items.Count);

        _harness.Add(job, 3, 4);
        Assert.Empty(_harness.TakeDispatched());
        _harness.Add(job, 7, 7);
        SchedulerCommand full = _harness.TakeOneDispatched();
        Assert.Equal(new ItemRange(3, 10), full.Items);

        _harness.Finish(first);
        Assert.Empty(_harness.TakeDispatched());
        _harness.Succeed(full);
        Assert.Equal(new ItemRange(13, 1), _harness.TakeOneDispatched().Items);
    }

    [Fact]
    public void A_known_count_keeps_the_first_batches_from_being_split_to_nothing()
    {
        _harness.Attach(1, slots: 2);
        JobId job = SchedulerHarness.Job();
        _harness.Scheduler.JobOpened(job, new JobTerms { ExpectedCount = 1_000_000 });
        _harness.Add(job, 0, 1);
        _harness.Finish(_harness.TakeOneDispatched(), 1e-4);
        _harness.Add(job, 1, 16);
        Assert.Equal(16UL, _harness.TakeOneDispatched().Items.Count);
    }
}
