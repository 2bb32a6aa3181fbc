using Cluster.Client;
using Cluster.Client.Detached;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Client.Detached;

/// <summary>Where a reader of results is, however often its calls break.</summary>
public sealed class ResultCursorTests
{
    [Fact]
    public void Answers_come_in_the_order_of_the_items()
    {
        var cursor = new ResultCursor("d1", from: 3);
        var answers = cursor.Take(new Results { Batches = { RawBatches.Of(3, 2), RawBatches.Of(6, 4) }, Failures = { new ItemFailure { Index = 5 } } });
        Assert.Equal([3L, 5, 6], answers.Select(answer => answer.Entry?.First ?? (long)answer.Failure!.Index));
        Assert.Equal(10, cursor.Next);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(2)]
    public void A_gap_and_a_repetition_are_faults(ulong first)
    {
        var cursor = new ResultCursor("d1", from: 3);
        var fault = Assert.Throws<ClusterException>(() => cursor.Take(new Results { Batches = { RawBatches.Of(first, 1) } }));
        Assert.Contains($"item {first} of job d1 where item 3 was next", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_result_that_came_in_part_comes_again_from_its_beginning()
    {
        var cursor = new ResultCursor("d1", from: 0);
        Assert.Empty(cursor.Take(Fragment(0, 4, 0, 2)));
        Assert.Equal(0, cursor.Next);
        cursor.Restart();
        Assert.Empty(cursor.Take(Fragment(0, 4, 0, 3)));
        var entry = Assert.Single(cursor.Take(Fragment(0, 4, 3, 1))).Entry!.Value;
        Assert.Equal((0L, 4L, 2), (entry.First, entry.Bytes, entry.Fragments!.Count));
        Assert.Equal(1, cursor.Next);
    }

    private static Results Fragment(ulong index, ulong total, ulong offset, int bytes) => new()
    {
        Batches = { new Batch { First = index, Count = 1, Format = Format.Bytes, FragmentTotal = total, FragmentOffset = offset, Payload = ByteString.CopyFrom(new byte[bytes]) } },
    };
}
