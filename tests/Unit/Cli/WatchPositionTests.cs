using Cluster.Cli.Commands.Dictionaries;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Xunit;

namespace Cluster.Unit.Cli;

public sealed class WatchPositionTests
{
    [Fact]
    public void After_the_content_it_goes_on_with_the_next_revision()
    {
        var position = new WatchPosition(0);
        Assert.Equal((0UL, ""), Begin(position));
        Assert.True(position.Take(Set(3)));
        Assert.True(position.Take(Current(7)));
        Assert.Equal((8UL, "history"), Begin(position));
        Assert.False(position.Take(Current(7)));
        Assert.True(position.Take(Set(8)));
    }

    [Fact]
    public void What_was_printed_of_a_revision_is_not_printed_again()
    {
        var position = new WatchPosition(5);
        Assert.Equal((5UL, ""), Begin(position));
        Assert.True(position.Take(Set(5)));
        Assert.True(position.Take(Set(6)));
        Assert.True(position.Take(Set(6)));
        Assert.Equal((6UL, ""), Begin(position));
        Assert.False(position.Take(Set(6)));
        Assert.False(position.Take(Set(6)));
        Assert.True(position.Take(Set(6)));
        Assert.True(position.Take(Current(6)));
        Assert.Equal((7UL, "history"), Begin(position));
    }

    [Fact]
    public void A_content_that_was_not_complete_is_begun_anew_and_says_so()
    {
        var position = new WatchPosition(0);
        Begin(position);
        Assert.True(position.Take(Set(3)));
        var (from, incarnation) = Begin(position);
        Assert.Equal((1UL, false), (from, incarnation.Length == 0));
        Assert.True(position.Take(new DictWatchReply { Compacted = true, Revision = 9 }));
        Assert.True(position.Take(Set(3)));
        Assert.True(position.Take(Current(9)));
        Assert.Equal((10UL, "history"), Begin(position));
    }

    [Fact]
    public void A_compacted_watch_has_another_content()
    {
        var position = new WatchPosition(2);
        Begin(position);
        Assert.True(position.Take(Current(4)));
        Begin(position);
        Assert.True(position.Take(new DictWatchReply { Compacted = true, Revision = 3 }));
        Assert.True(position.Take(Set(1)));
        Assert.True(position.Take(Current(3)));
        Assert.Equal((4UL, "history"), Begin(position));
    }

    private static (ulong From, string Incarnation) Begin(WatchPosition position)
    {
        var request = new DictWatchRequest();
        position.Begin(request);
        return (request.FromRevision, request.Incarnation);
    }

    private static DictWatchReply Set(ulong revision) => new() { Set = new DictItem { Key = Value.ForString("k") }, Revision = revision };

    private static DictWatchReply Current(ulong revision) => new() { Current = true, Revision = revision, Incarnation = "history" };
}
