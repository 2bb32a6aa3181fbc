using Cluster.Node.Workers;
using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Node;

public sealed class PoolChunkTests
{
    private readonly RunChunk _first = new();
    private readonly RunChunk _last = new() { Last = true };

    [Fact]
    public void A_chunk_that_was_taken_back_is_sent_as_a_whole_also_when_it_begins_at_once()
    {
        var chunk = new PoolChunk(1, new PoolJob(null!, 1, new OpenJob()), _first, null!, static _ => { });
        chunk.Add(_last);
        Assert.Equal([_first, _last], Unsent(chunk));
        Assert.Empty(Unsent(chunk));

        chunk.TakenBack();
        chunk.Begin(1);

        Assert.Equal([_first, _last], Unsent(chunk));
    }

    [Fact]
    public void Parts_that_come_after_the_beginning_are_sent_once()
    {
        var chunk = new PoolChunk(1, new PoolJob(null!, 1, new OpenJob()), _first, null!, static _ => { });
        Assert.Equal([_first], Unsent(chunk));
        chunk.Begin(1);

        chunk.Add(_last);

        Assert.Equal([_last], Unsent(chunk));
        Assert.Empty(Unsent(chunk));
    }

    [Fact]
    public void Items_are_counted_in_every_part_and_one_that_comes_in_several_only_once()
    {
        var chunk = new PoolChunk(1, new PoolJob(null!, 1, new OpenJob()), _first, null!, static _ => { });
        var before = chunk.Items;
        chunk.Add(new RunChunk { Batches = { new Batch { First = 1, Count = 7 }, new Batch { First = 8, Count = 1, FragmentTotal = 20 } } });
        chunk.Add(new RunChunk { Batches = { new Batch { First = 8, Count = 1, FragmentTotal = 20, FragmentOffset = 10 } }, Last = true });

        Assert.Equal(8, chunk.Items - before);
        Assert.True(chunk.IsComplete);
    }

    private static List<RunChunk> Unsent(PoolChunk chunk)
    {
        var parts = new List<RunChunk>();
        while (chunk.TryTakeUnsent(out var part))
        {
            parts.Add(part);
        }

        return parts;
    }
}
