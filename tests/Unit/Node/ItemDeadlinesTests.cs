using Cluster.Node.Workers;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Xunit;

namespace Cluster.Unit.Node;

/// <summary>What is known about the running item of a chunk before its worker has said a word, and all that is if it never does.</summary>
public sealed class ItemDeadlinesTests
{
    private readonly JobSpec _spec = new() { ItemTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(2)) };

    [Theory]
    [InlineData(1u, true, true)]
    [InlineData(1u, false, false)]
    [InlineData(2u, true, false)]
    public void The_first_item_is_certain_to_run_where_there_is_no_other(uint count, bool isLast, bool isCertain)
    {
        var timing = ItemDeadlines.TimingOf(_spec, new RunChunk { Batches = { new Batch { First = 7, Count = count } }, Last = isLast, Tries = 3 })!;

        Assert.Equal((7ul, isCertain, 3u, TimeSpan.FromSeconds(2)), (timing.Index, timing.IsCertain, timing.Tries, timing.Timeout));
    }

    [Fact]
    public void Without_a_timeout_nothing_is_watched() =>
        Assert.Null(ItemDeadlines.TimingOf(new JobSpec(), new RunChunk { Batches = { new Batch { Count = 1 } }, Last = true }));
}
