using Cluster.Coordinator.Objects;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects.Dictionaries;

public sealed class DictTests : IDisposable
{
    private readonly ObjectHarness _objects = new(new ObjectLimits { PageBytes = 64, ValueBytes = 1000 });
    private readonly ulong _me;
    private readonly ulong _dict;

    public DictTests()
    {
        _me = _objects.Session();
        _dict = _objects.Open(_me, ObjectKind.Dictionary, "results");
    }

    public void Dispose() => _objects.Dispose();

    [Fact]
    public void What_was_set_can_be_read_with_the_revision_that_wrote_it()
    {
        var set = Ask(OnDict.Set("a", "1"));

        var entry = Ask(OnDict.Get("a")).DictEntry;
        Assert.Equal("1", entry.Value.Read());
        Assert.Equal(set.Revision, entry.Version);
        Assert.True(Ask(OnDict.Contains("a")).Flag);
        Assert.Equal(1UL, Ask(OnDict.Count).Count);
    }

    [Fact]
    public void A_missing_key_is_no_error_and_has_version_0()
    {
        var entry = Ask(OnDict.Get("a")).DictEntry;

        Assert.Null(entry.Value);
        Assert.Equal(0UL, entry.Version);
        Assert.False(Ask(OnDict.Contains("a")).Flag);
        Assert.False(Ask(OnDict.Remove("a")).Flag);
        Assert.Equal(0UL, Ask(OnDict.Pop("a")).DictEntry.Version);
        Assert.Equal(0UL, Ask(OnDict.PopItem).DictEntry.Version);
    }

    [Fact]
    public void Keys_of_other_formats_are_other_keys()
    {
        Ask(OnDict.Set("1", "text"));
        Ask(new ObjectRequest { DictSet = new DictSet { Key = Text.Json("1"), Value = Text.Of("number") } });

        Assert.Equal("text", Ask(OnDict.Get("1")).DictEntry.Value.Read());
        Assert.Equal(2UL, Ask(OnDict.Count).Count);
    }

    [Fact]
    public void Every_write_has_a_larger_revision_and_reads_have_none()
    {
        var first = Ask(OnDict.Set("a", "1")).Revision;
        Assert.Equal(first, Ask(OnDict.Get("a")).Revision);
        Assert.Equal(first + 1, Ask(OnDict.Set("a", "1")).Revision);
        Assert.Equal(first + 1, Ask(OnDict.TryAdd("a", "2")).Revision);
        Assert.Equal(first + 2, Ask(OnDict.Remove("a")).Revision);
    }

    [Fact]
    public void Adding_leaves_what_is_there()
    {
        Assert.True(Ask(OnDict.TryAdd("a", "1")).Flag);
        Assert.False(Ask(OnDict.TryAdd("a", "2")).Flag);
        var there = Ask(OnDict.GetOrAdd("a", "3")).DictGetOrAdd;
        var added = Ask(OnDict.GetOrAdd("b", "4")).DictGetOrAdd;

        Assert.Equal((false, "1"), (there.Added, there.Entry.Value.Read()));
        Assert.Equal((true, "4"), (added.Added, added.Entry.Value.Read()));
        Assert.Equal(_objects.Machine.Revision, added.Entry.Version);
    }

    [Fact]
    public void Compare_and_set_writes_only_over_the_version_it_names()
    {
        var created = Ask(OnDict.CompareAndSet("a", 0, "1"));
        Assert.True(created.DictCompareAndSet.Done);

        var refused = Ask(OnDict.CompareAndSet("a", 0, "2")).DictCompareAndSet;
        Assert.False(refused.Done);
        Assert.Equal(("1", created.Revision), (refused.Current.Value.Read(), refused.Current.Version));

        var changed = Ask(OnDict.CompareAndSet("a", created.Revision, "3"));
        Assert.True(changed.DictCompareAndSet.Done);
        Assert.False(Ask(OnDict.CompareAndSet("a", created.Revision, null)).DictCompareAndSet.Done);
        Assert.True(Ask(OnDict.CompareAndSet("a", changed.Revision, null)).DictCompareAndSet.Done);
        Assert.False(Ask(OnDict.Contains("a")).Flag);
        Assert.True(Ask(OnDict.CompareAndSet("a", 0, null)).DictCompareAndSet.Done);
    }

    [Fact]
    public void Pop_item_takes_what_was_added_last_as_in_Python()
    {
        Ask(OnDict.SetMany(("a", "1"), ("b", "2"), ("c", "3")));
        Ask(OnDict.Set("a", "4"));

        var popped = Ask(OnDict.PopItem).DictEntry;
        Assert.Equal(("c", "3"), (popped.Key.Read(), popped.Value.Read()));
        Assert.Equal("4", Ask(OnDict.Pop("a")).DictEntry.Value.Read());
        Assert.Equal("b", Ask(OnDict.PopItem).DictEntry.Key.Read());
    }

    [Fact]
    public void Entries_set_together_have_one_revision_and_the_last_of_a_key_counts()
    {
        var set = Ask(OnDict.SetMany(("a", "1"), ("b", "2"), ("a", "3")));

        var number = _objects.Send(_me, _dict, new ObjectRequest { DictGetMany = new DictGetMany { Keys = { Text.Of("a"), Text.Of("x"), Text.Of("b") } } });
        var entries = _objects.Replies(_me, number).SelectMany(reply => reply.DictEntries.Entries).ToList();
        Assert.Equal(["3", "nothing", "2"], entries.Select(entry => entry.Value.Read()));
        Assert.Equal([set.Revision, 0UL, set.Revision], entries.Select(entry => entry.Version));
    }

    [Fact]
    public void One_bad_entry_of_many_leaves_all_unset()
    {
        var request = OnDict.SetMany(("a", "1"), ("b", new string('x', 1001)));
        var error = _objects.Refused(_me, _dict, request, ObjectErrorCode.TooLarge);

        Assert.Equal((1000UL, 1001UL), (error.Limit, error.Actual));
        Assert.Contains("1001", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(ObjectLimits.ValueBytes), error.Message, StringComparison.Ordinal);
        Assert.Equal(0UL, Ask(OnDict.Count).Count);
    }

    [Fact]
    public void More_than_a_message_holds_is_not_set_together()
    {
        using var objects = new ObjectHarness(new ObjectLimits { BatchBytes = 100 });
        var me = objects.Session();
        var dict = objects.Open(me, ObjectKind.Dictionary);

        var error = objects.Refused(me, dict, OnDict.SetMany(("a", new string('x', 50)), ("b", new string('x', 50))), ObjectErrorCode.TooLarge);
        Assert.Equal(100UL, error.Limit);
        Assert.Equal(0UL, objects.Ask(me, dict, OnDict.Count).Count);
    }

    [Fact]
    public void Items_are_paged_at_one_revision_in_the_order_in_which_they_were_added()
    {
        var keys = Enumerable.Range(0, 20).Select(i => $"key-{i}").ToList();
        foreach (var key in keys)
        {
            Ask(OnDict.Set(key, "v"));
        }

        var number = _objects.Send(_me, _dict, OnDict.Items);

        var pages = _objects.Replies(_me, number).ToList();
        Assert.InRange(pages.Count, 2, 20);
        Assert.Single(pages.Select(page => page.Revision).Distinct());
        Assert.Equal(keys, pages.SelectMany(page => page.DictEntries.Entries).Select(entry => entry.Key.Read()));
        Assert.Equal([.. Enumerable.Repeat(true, pages.Count - 1), false], pages.Select(page => page.DictEntries.More));
    }

    [Fact]
    public void Clear_says_how_many_there_were()
    {
        Ask(OnDict.SetMany(("a", "1"), ("b", "2")));

        Assert.Equal(2UL, Ask(OnDict.Clear).Count);
        Assert.Equal(0UL, Ask(OnDict.Count).Count);
        var revision = _objects.Machine.Revision;
        Assert.Equal(0UL, Ask(OnDict.Clear).Count);
        Assert.Equal(revision, _objects.Machine.Revision);
    }

    [Fact]
    public void An_entry_goes_when_its_time_to_live_is_over_unless_it_was_written_again()
    {
        Ask(OnDict.Set("goes", "1", life: 5));
        Ask(OnDict.Set("stays", "1", life: 5));
        Ask(OnDict.Set("renewed", "1", life: 5));
        Assert.Equal(_objects.Now + TimeSpan.FromSeconds(5).Ticks, _objects.Machine.NextDue);
        _objects.Pass(4.9);
        Ask(OnDict.Set("stays", "2"));
        Ask(OnDict.Set("renewed", "2", life: 5));
        Assert.True(Ask(OnDict.Contains("goes")).Flag);

        _objects.Pass(0.1);

        Assert.False(Ask(OnDict.Contains("goes")).Flag);
        Assert.True(Ask(OnDict.Contains("stays")).Flag);
        Assert.True(Ask(OnDict.TryAdd("goes", "again")).Flag);
        _objects.Pass(60);
        Assert.False(Ask(OnDict.Contains("renewed")).Flag);
        Assert.True(Ask(OnDict.Contains("goes")).Flag);
        Assert.Null(_objects.Machine.NextDue);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_time_to_live_has_to_be_one(double life) =>
        _objects.Refused(_me, _dict, OnDict.Set("a", "1", life), ObjectErrorCode.Invalid);

    [Fact]
    public void A_key_and_a_value_have_to_be_there_and_of_a_format()
    {
        _objects.Refused(_me, _dict, new ObjectRequest { DictSet = new DictSet { Value = Text.Of("1") } }, ObjectErrorCode.Invalid);
        _objects.Refused(_me, _dict, new ObjectRequest { DictSet = new DictSet { Key = Text.Of("a") } }, ObjectErrorCode.Invalid);
        _objects.Refused(_me, _dict, new ObjectRequest { DictGet = new DictGet { Key = new Payload { Data = ByteString.CopyFromUtf8("a") } } }, ObjectErrorCode.Invalid);
    }

    [Theory]
    [InlineData("40", 2, "42")]
    [InlineData("-1", 1, "0")]
    [InlineData("1.5", 1, "2.5")]
    [InlineData("1e2", 1, "101")]
    public void Whole_numbers_are_added_as_such(string there, long by, string sum)
    {
        Ask(OnDict.SetJson("n", there));

        var reply = Ask(OnDict.Increment("n", by));

        Assert.Equal(sum, reply.Value.Read());
        var entry = Ask(OnDict.Get("n")).DictEntry;
        Assert.Equal((sum, reply.Revision, Format.Json), (entry.Value.Read(), entry.Version, entry.Value.Format));
    }

    [Fact]
    public void A_number_that_is_not_there_is_0_and_nothing_said_adds_1()
    {
        Assert.Equal("1", Ask(new ObjectRequest { DictIncrement = new DictIncrement { Key = Text.Of("n") } }).Value.Read());
        Assert.Equal("1.25", Ask(OnDict.Increment("n", 0.25)).Value.Read());
        Assert.Equal("0.5", Ask(OnDict.Increment("half", 0.5)).Value.Read());
    }

    [Fact]
    public void A_sum_that_does_not_fit_is_refused_and_the_entry_stays()
    {
        Ask(OnDict.SetJson("n", "9223372036854775807"));

        _objects.Refused(_me, _dict, OnDict.Increment("n", 1), ObjectErrorCode.Overflow);
        Assert.Equal("9223372036854775807", Ask(OnDict.Get("n")).DictEntry.Value.Read());
        Assert.Equal("9223372036854775806", Ask(OnDict.Increment("n", -1)).Value.Read());
        Ask(OnDict.SetJson("n", "-9223372036854775808"));
        _objects.Refused(_me, _dict, OnDict.Increment("n", -1), ObjectErrorCode.Overflow);
        Ask(OnDict.SetJson("x", "1.7e308"));
        _objects.Refused(_me, _dict, OnDict.Increment("x", 1.7e308), ObjectErrorCode.Overflow);
    }

    [Theory]
    [InlineData("\"40\"")]
    [InlineData("[1]")]
    [InlineData("4 2")]
    [InlineData("nonsense")]
    [InlineData("")]
    public void What_is_no_number_is_named(string there)
    {
        Ask(OnDict.SetJson("n", there));

        var error = _objects.Refused(_me, _dict, OnDict.Increment("n", 1), ObjectErrorCode.NotANumber);
        Assert.Contains(there, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_no_number()
    {
        Ask(OnDict.Set("n", "40"));

        Assert.Contains("text", _objects.Refused(_me, _dict, OnDict.Increment("n", 1), ObjectErrorCode.NotANumber).Message, StringComparison.Ordinal);
    }

    private ObjectReply Ask(ObjectRequest request) => _objects.Ask(_me, _dict, request);
}
