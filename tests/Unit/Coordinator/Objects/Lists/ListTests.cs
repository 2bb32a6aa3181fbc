using Cluster.Coordinator.Objects;
using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects.Lists;

public sealed class ListTests : IDisposable
{
    private readonly ObjectHarness _objects = new(new ObjectLimits { PageBytes = 64 });
    private readonly ulong _me;
    private readonly ulong _list;

    public ListTests()
    {
        _me = _objects.Session();
        _list = _objects.Open(_me, ObjectKind.List, "letters");
        Append("a", "b", "c");
    }

    public void Dispose() => _objects.Dispose();

    [Fact]
    public void Appending_answers_with_the_length()
    {
        Assert.Equal(5UL, Append("d", "e").Count);
        Assert.Equal(5UL, Append().Count);
        Assert.Equal("a b c d e", All());
    }

    [Theory]
    [InlineData(0, "a")]
    [InlineData(2, "c")]
    [InlineData(-1, "c")]
    [InlineData(-3, "a")]
    public void An_index_below_0_counts_from_the_end(long index, string expected) =>
        Assert.Equal(expected, Ask(new ObjectRequest { ListGet = new ListGet { Index = index } }).Value.Read());

    [Theory]
    [InlineData(3)]
    [InlineData(-4)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void An_index_beyond_the_ends_is_refused_and_named(long index)
    {
        var error = _objects.Refused(_me, _list, new ObjectRequest { ListGet = new ListGet { Index = index } }, ObjectErrorCode.OutOfRange);
        Assert.Contains($"{index}", error.Message, StringComparison.Ordinal);
        _objects.Refused(_me, _list, new ObjectRequest { ListSet = new ListSet { Index = index, Value = Text.Of("x") } }, ObjectErrorCode.OutOfRange);
        _objects.Refused(_me, _list, new ObjectRequest { ListPop = new ListPop { Index = index } }, ObjectErrorCode.OutOfRange);
        Assert.Equal("a b c", All());
    }

    [Theory]
    [InlineData(0, "x a b c")]
    [InlineData(-1, "a b x c")]
    [InlineData(3, "a b c x")]
    [InlineData(99, "a b c x")]
    [InlineData(-99, "x a b c")]
    public void Inserting_beyond_the_ends_inserts_there_as_in_Python(long index, string expected)
    {
        Ask(new ObjectRequest { ListInsert = new ListInsert { Index = index, Value = Text.Of("x") } });
        Assert.Equal(expected, All());
    }

    [Theory]
    [InlineData(1, null, "b c")]
    [InlineData(0, 2L, "a b")]
    [InlineData(-2, -1L, "b")]
    [InlineData(2, 1L, "")]
    [InlineData(-99, 99L, "a b c")]
    public void Slices_end_where_the_list_does(long start, long? stop, string expected)
    {
        var slice = new ListSlice { Start = start };
        if (stop is not null)
        {
            slice.Stop = stop.Value;
        }

        Assert.Equal(expected, Slice(slice));
    }

    [Fact]
    public void Large_slices_come_in_pages()
    {
        Append([.. Enumerable.Range(0, 50).Select(i => $"{i}")]);
        var number = _objects.Send(_me, _list, new ObjectRequest { ListSlice = new ListSlice { Start = 3 } });

        var pages = _objects.Replies(_me, number).Select(reply => reply.ListValues).ToList();
        Assert.True(pages.Count > 3);
        Assert.Equal([.. pages.SkipLast(1).Select(_ => true), false], pages.Select(page => page.More));
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 50)), pages.SelectMany(page => page.Values).Read());
    }

    [Fact]
    public void Popping_takes_the_last_unless_told_otherwise()
    {
        Assert.Equal("c", Ask(new ObjectRequest { ListPop = new ListPop() }).Value.Read());
        Assert.Equal("a", Ask(new ObjectRequest { ListPop = new ListPop { Index = 0 } }).Value.Read());
        Assert.Equal("b", Ask(new ObjectRequest { ListPop = new ListPop() }).Value.Read());
        _objects.Refused(_me, _list, new ObjectRequest { ListPop = new ListPop() }, ObjectErrorCode.OutOfRange);
    }

    [Fact]
    public void Values_are_found_counted_and_removed_by_their_bytes()
    {
        Append("a", "b");
        Assert.Equal(1L, Ask(new ObjectRequest { ListIndexOf = new ListIndexOf { Value = Text.Of("b") } }).Index);
        Assert.Equal(4L, Ask(new ObjectRequest { ListIndexOf = new ListIndexOf { Value = Text.Of("b"), Start = 2 } }).Index);
        Assert.Equal(-1L, Ask(new ObjectRequest { ListIndexOf = new ListIndexOf { Value = Text.Of("b"), Start = 2, Stop = 4 } }).Index);
        Assert.Equal(-1L, Ask(new ObjectRequest { ListIndexOf = new ListIndexOf { Value = Text.Json("b") } }).Index);
        Assert.Equal(2UL, Ask(new ObjectRequest { ListCount = new ListCount { Value = Text.Of("a") } }).Count);
        Assert.Equal(5UL, Ask(new ObjectRequest { ListCount = new ListCount() }).Count);
        Assert.True(Ask(new ObjectRequest { ListRemove = new ListRemove { Value = Text.Of("a") } }).Flag);
        Assert.False(Ask(new ObjectRequest { ListRemove = new ListRemove { Value = Text.Of("x") } }).Flag);
        Assert.Equal("b c a b", All());
    }

    [Fact]
    public void Setting_and_reversing()
    {
        Ask(new ObjectRequest { ListSet = new ListSet { Index = -1, Value = Text.Of("z") } });
        Ask(new ObjectRequest { ListReverse = new ListReverse() });

        Assert.Equal("z b a", All());
    }

    [Fact]
    public void A_list_is_replaced_only_over_the_version_that_the_caller_saw()
    {
        var version = Version();
        var sorted = new ListReplace { Values = { Text.Of("c"), Text.Of("b") }, Version = version };
        Assert.Equal(ObjectReply.ResultOneofCase.Done, Ask(new ObjectRequest { ListReplace = sorted.Clone() }).ResultCase);
        _objects.Refused(_me, _list, new ObjectRequest { ListReplace = sorted.Clone() }, ObjectErrorCode.Changed);
        Assert.Equal("c b", All());
        Assert.True(Version() > version);
        sorted.Version = 0;
        sorted.Values.Clear();
        Ask(new ObjectRequest { ListReplace = sorted });
        Assert.Equal("", All());
    }

    [Fact]
    public void Clearing_says_how_many_there_were()
    {
        Assert.Equal(3UL, Ask(new ObjectRequest { ListClear = new ListClear() }).Count);
        Assert.Equal("", All());
    }

    private ObjectReply Ask(ObjectRequest request) => _objects.Ask(_me, _list, request);

    private ObjectReply Append(params string[] values) => Ask(new ObjectRequest { ListAppend = new ListAppend { Values = { values.Select(Text.Of) } } });

    private ulong Version() => Ask(new ObjectRequest { ListSlice = new ListSlice() }).ListValues.Version;

    private string All() => Slice(new ListSlice());

    private string Slice(ListSlice slice)
    {
        var number = _objects.Send(_me, _list, new ObjectRequest { ListSlice = slice });
        return _objects.Replies(_me, number).SelectMany(reply => reply.ListValues.Values).Read();
    }
}
