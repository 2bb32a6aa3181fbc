using Cluster.Client.Futures;
using Cluster.Client.Jobs;
using Cluster.Coordinator.Jobs;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cluster.Unit.Client;

public sealed class JobBufferTests
{
    [Fact]
    public void Answers_leave_in_the_order_of_the_items()
    {
        Prop.ForAll(
            ArbMap.Default.ArbFor<(byte Count, int Order)[]>(),
            answers =>
            {
                var ranges = new List<(long First, long Count, int Order)>();
                foreach (var (count, order) in answers)
                {
                    ranges.Add((ranges.Sum(range => range.Count), count + 1, order));
                }

                var buffer = new ReorderBuffer<long>();
                var seen = new List<long>();
                foreach (var range in ranges.OrderBy(range => range.Order))
                {
                    Assert.True(buffer.Add(range.First, range.Count, range.First));
                    Assert.False(buffer.Add(range.First, range.Count, range.First));
                    while (buffer.TryTake(out var first))
                    {
                        seen.Add(first);
                    }
                }

                Assert.Equal(ranges.Select(range => range.First), seen);
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_ledger_frees_exactly_what_the_coordinator_frees()
    {
        Prop.ForAll(
            ArbMap.Default.ArbFor<(byte[] Sizes, int Seed)>(),
            input =>
            {
                var builder = new BatchBuilder<byte[]?>(ItemCodec.For<byte[]?>(), maxPayloadBytes: 300);
                var items = input.Sizes.Select(size => size == 7 ? null : new byte[size * 3]).ToArray();
                builder.AddRange(0, items);
                var ledger = new SentLedger();
                var coordinator = new InputStore(Format.Bytes, 0, new InputLimits());
                long sent = 0;
                foreach (var batch in InputBatch.Gather(builder.TakeAll(), maxBytes: 500, maxItems: 20))
                {
                    Assert.True(batch.Count == 1 || (batch.Charge <= 500 && batch.Count <= 20));
                    ledger.Add(batch);
                    sent += batch.Charge;
                    Assert.All(batch.Messages, message => Assert.Null(coordinator.Append(message, out _)));
                    Assert.Equal(coordinator.Bytes, sent);
                }

                foreach (var index in Enumerable.Range(0, items.Length).OrderBy(index => HashCode.Combine(index, input.Seed)))
                {
                    sent -= ledger.Settle(index, 1);
                    coordinator.Release(new ItemRange((ulong)index, 1));
                    Assert.Equal(coordinator.Bytes, sent);
                }

                Assert.Equal(0, sent);
                Assert.True(items.Length == 0 || ledger.Settle(0, 1) == -1);

                Assert.Equal(-1, ledger.Settle(items.Length, 1));
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Ranges_across_batches_are_settled_at_once()
    {
        var builder = new BatchBuilder<int>(ItemCodec.For<int>(), maxPayloadBytes: 40);
        builder.AddRange(0, new int[25]);
        var ledger = new SentLedger();
        foreach (var batch in InputBatch.Gather(builder.TakeAll(), maxBytes: long.MaxValue, maxItems: long.MaxValue))
        {
            ledger.Add(batch);
        }

        Assert.Equal(4 * 13, ledger.Settle(5, 13));
        Assert.Equal((4 * 5) + InFlightCharge.PerBatch, ledger.Settle(0, 5));
        Assert.Equal(-1, ledger.Settle(20, 10));
    }

    [Fact]
    public void The_ledger_forgets_what_was_answered_behind_a_slow_item()
    {
        var ledger = new SentLedger();
        for (var first = 0; first < 10_000; first++)
        {
            var builder = new BatchBuilder<int>(ItemCodec.For<int>());
            builder.Add((ulong)first, 1);
            ledger.Add(new InputBatch(builder.TakeAll().Single()));
            if (first > 0)
            {
                Assert.Equal(4 + InFlightCharge.PerBatch, ledger.Settle(first, 1));
            }

            Assert.InRange(ledger.Entries, 1, 100);
        }

        Assert.Equal(4 + InFlightCharge.PerBatch, ledger.Settle(0, 1));
    }

    [Fact]
    public void A_fragmented_result_is_an_entry_once_it_is_whole()
    {
        var grouper = new ResultGrouper();
        Batch Fragment(ulong first, ulong offset, int length) => new()
        {
            First = first,
            Count = 1,
            Format = Format.Bytes,
            FragmentTotal = 10,
            FragmentOffset = offset,
            Payload = Google.Protobuf.ByteString.CopyFrom(new byte[length]),
        };

        Assert.False(grouper.TryComplete(Fragment(3, 0, 4), out _));
        Assert.False(grouper.TryComplete(Fragment(5, 0, 4), out _));
        Assert.False(grouper.TryComplete(Fragment(3, 0, 6), out _));
        Assert.True(grouper.TryComplete(Fragment(3, 6, 4), out var entry));
        Assert.Equal((3L, 1, 10L), (entry.Value.First, entry.Value.Count, entry.Value.Bytes));
        Assert.Equal(2, entry.Value.Messages.Count());
    }

    [Fact]
    public void Cancellations_wait_until_their_items_are_sent_and_leave_together()
    {
        var cancellations = new ItemCancellations();
        foreach (var index in new[] { 4, 2, 3, 9, 3 })
        {
            cancellations.Add(index, force: index == 9);
        }

        Assert.Null(cancellations.TryTake(sent: 2));
        var first = cancellations.TryTake(sent: 4);
        var second = cancellations.TryTake(sent: 100);
        var third = cancellations.TryTake(sent: 100);

        Assert.Equal(new CancelItems { First = 2, Count = 2 }, first);
        Assert.Equal(new CancelItems { First = 4, Count = 1 }, second);
        Assert.Equal(new CancelItems { First = 9, Count = 1, Force = true }, third);
        Assert.Null(cancellations.TryTake(sent: 100));
    }

    [Fact]
    public void The_table_finds_every_future_once_and_forgets_what_is_done()
    {
        var table = new FutureTable<string>();
        for (var i = 0; i < 2000; i++)
        {
            table.Add($"{i}");
        }

        Assert.Equal("1999", table.Peek(1999));
        for (var i = 1999; i >= 1; i--)
        {
            Assert.Equal($"{i}", table.Take(i));
            Assert.Null(table.Take(i));
        }

        table.Add("2000");
        Assert.Equal(2, table.Count);
        Assert.Equal(["0", "2000"], table.TakeAll());
        Assert.Equal(0, table.Count);
        Assert.Null(table.Take(0));
    }
}
