using Cluster.Client.Jobs;
using Cluster.Coordinator.Jobs;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cluster.Unit.Client.Resume;

/// <summary>What is sent again when a job is opened again: all that is unanswered, as the coordinator wants it.</summary>
public sealed class LedgerReplayTests
{
    [Fact]
    public void Every_run_sends_what_is_unanswered_and_skips_the_rest_and_both_sides_count_alike()
    {
        Prop.ForAll(
            ArbMap.Default.ArbFor<(byte[] Sizes, int Seed)>(),
            input =>
            {
                var random = new Random(input.Seed);
                var items = input.Sizes.Select(size => size == 7 ? null : new byte[size * 3]).ToArray();
                var unanswered = Enumerable.Range(0, items.Length).ToHashSet();
                var flow = new JobFlow(new WindowLimits());
                var source = new ReadyBatches();
                for (var run = 0; run < 4; run++)
                {
                    // Each coordinator may have bounds of its own.
                    var (maxBytes, maxItems) = (random.Next(400, 2000), random.Next(1, 40));
                    flow.Accept(maxBytes, maxItems);
                    flow.Restart();
                    var coordinator = new InputStore(Format.Bytes, 0, new InputLimits { MaxBytes = maxBytes, MaxItems = maxItems });
                    if (run == 0)
                    {
                        Encode(items, source, flow);
                    }

                    Run(flow, coordinator, source, unanswered, stopAt: run == 3 ? 0 : random.Next(unanswered.Count + 1), random);
                }

                Assert.Empty(unanswered);
                Assert.True(flow.IsSettled);
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void An_item_of_another_run_is_not_answered_before_it_is_sent_again()
    {
        var flow = new JobFlow(new WindowLimits());
        Assert.True(flow.TrySend(Batch(0, 10)));
        flow.Restart();
        Assert.False(flow.Answer(0, 1, 0));

        flow.Restart();
        Assert.True(flow.TrySendAgain(out _));
        Assert.True(flow.Answer(0, 1, 0));
        Assert.False(flow.Answer(0, 1, 0));
    }

    [Fact]
    public void The_parts_of_a_batch_that_are_left_are_sent_without_the_others()
    {
        var flow = new JobFlow(new WindowLimits());
        Assert.True(flow.TrySend(Batch(0, 10)));
        Assert.True(flow.TrySend(Batch(10, 5)));
        Assert.True(flow.Answer(0, 2, 0));
        Assert.True(flow.Answer(5, 1, 0));
        Assert.True(flow.Answer(9, 6, 0));
        flow.Restart();

        Assert.Equal(["skip 0+2", "send 2+3", "skip 5+1", "send 6+3", "skip 9+6"], Replay(flow));
        Assert.Equal([2, 3, 4], LastRead);
    }

    [Fact]
    public void A_run_that_breaks_before_all_is_sent_again_loses_nothing()
    {
        var flow = new JobFlow(new WindowLimits());
        Assert.True(flow.TrySend(Batch(0, 10)));
        Assert.True(flow.TrySend(Batch(10, 10)));
        Assert.True(flow.Answer(2, 1, 0));
        flow.Restart();
        Assert.Equal(0UL, flow.Skip().Count);
        Assert.True(flow.TrySendAgain(out _));
        Assert.True(flow.Answer(0, 1, 0));
        flow.Restart();

        Assert.Equal(["skip 0+1", "send 1+1", "skip 2+1", "send 3+7", "send 10+10"], Replay(flow));
        Assert.False(flow.IsReplaying);
    }

    [Fact]
    public void Cancellations_are_repeated_until_their_items_are_answered()
    {
        var cancellations = new ItemCancellations();
        foreach (var index in new[] { 1, 2, 5 })
        {
            cancellations.Add(index, force: index == 5);
        }

        while (cancellations.TryTake(sent: 10) is not null)
        {
        }

        cancellations.Answered(2, 1);
        cancellations.Restart();
        Assert.Null(cancellations.TryTake(sent: 1));
        Assert.Equal(new CancelItems { First = 1, Count = 1 }, cancellations.TryTake(sent: 10));
        Assert.Equal(new CancelItems { First = 5, Count = 1, Force = true }, cancellations.TryTake(sent: 10));
        Assert.Null(cancellations.TryTake(sent: 10));

        cancellations.Answered(0, 1_000_000);
        cancellations.Restart();
        Assert.Null(cancellations.TryTake(sent: 10));
    }

    private int[] LastRead { get; set; } = [];

    private static void Run(JobFlow flow, InputStore coordinator, ReadyBatches source, HashSet<int> unanswered, int stopAt, Random random)
    {
        var held = new List<int>();
        while (unanswered.Count > stopAt)
        {
            while (Send(flow, coordinator, source, held))
            {
            }

            var at = random.Next(held.Count);
            var index = held[at];
            held.RemoveAt(at);
            Assert.True(unanswered.Remove(index), $"item {index} was sent again after it was answered");
            Assert.True(flow.Answer(index, 1, 0));
            coordinator.Release(new ItemRange((ulong)index, 1));
        }
    }

    private static bool Send(JobFlow flow, InputStore coordinator, ReadyBatches source, List<int> held)
    {
        InputBatch batch;
        if (flow.IsReplaying)
        {
            var skipped = flow.Skip();
            Assert.Null(skipped.Count == 0 ? null : coordinator.Skip(skipped));
            if (!flow.IsReplaying || !flow.TrySendAgain(out batch))
            {
                return skipped.Count > 0;
            }
        }
        else if (!source.TryTake(flow, out batch))
        {
            return false;
        }

        Assert.All(batch.Messages, message => Assert.Null(coordinator.Append(message, out _)));
        held.AddRange(Enumerable.Range((int)batch.First, (int)batch.Count));
        return true;
    }

    private static void Encode(byte[]?[] items, ReadyBatches source, JobFlow flow)
    {
        var builder = new BatchBuilder<byte[]?>(ItemCodec.For<byte[]?>(), maxPayloadBytes: 300);
        builder.AddRange(0, items);
        source.Add(builder.TakeAll(), flow);
    }

    private static InputBatch Batch(int first, int count)
    {
        var builder = new BatchBuilder<int>(ItemCodec.For<int>());
        builder.AddRange((ulong)first, Enumerable.Range(first, count).ToArray());
        return new InputBatch(builder.TakeAll().Single());
    }

    private List<string> Replay(JobFlow flow)
    {
        var steps = new List<string>();
        while (flow.IsReplaying)
        {
            if (flow.Skip() is { Count: > 0 } skipped)
            {
                steps.Add($"skip {skipped.First}+{skipped.Count}");
            }
            else
            {
                Assert.True(flow.TrySendAgain(out var batch));
                steps.Add($"send {batch.First}+{batch.Count}");
                if (LastRead.Length == 0)
                {
                    var reader = new BatchReader<int>(ItemCodec.For<int>());
                    reader.Open(batch.Messages.Single());
                    LastRead = new int[batch.Count];
                    reader.ReadMany(LastRead);
                }
            }
        }

        return steps;
    }
}
