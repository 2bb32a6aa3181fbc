using Cluster.Coordinator.Objects;
using Cluster.Protocol.V1;
using Cluster.Unit.Coordinator.Objects.Dictionaries;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects;

/// <summary>The bound on what all objects take together.</summary>
public sealed class MemoryTests : IDisposable
{
    private const int ValueBytes = 1000;
    private readonly ObjectHarness _objects = new();
    private readonly ulong _me;

    public MemoryTests()
    {
        _me = _objects.Session();
    }

    public void Dispose() => _objects.Dispose();

    public static TheoryData<string, ObjectKind> Growing() => new()
    {
        { "dict", ObjectKind.Dictionary }, { "namespace", ObjectKind.Namespace }, { "list", ObjectKind.List }, { "queue", ObjectKind.Queue }, { "pipe", ObjectKind.Pipe },
    };

    [Theory]
    [MemberData(nameof(Growing))]
    public void What_would_grow_beyond_it_is_refused_and_goes_on_after_a_deletion(string name, ObjectKind kind)
    {
        Limit(50_000);
        var target = _objects.Open(_me, kind, name);
        var other = _objects.Open(_me, ObjectKind.List, "other");
        _objects.Ask(_me, other, Append());
        var written = 0;
        for (; written < 1000 && AskAndAcknowledge(target, Grow(kind, written)).Error is null; written++)
        {
        }

        Assert.InRange(written, 30, 48);
        var error = _objects.Refused(_me, target, Grow(kind, 9999), ObjectErrorCode.TooLarge);
        Assert.Contains("--max-object-bytes", error.Message, StringComparison.Ordinal);
        Assert.Equal(50_000UL, error.Limit);
        Assert.True(error.Actual > error.Limit);
        _objects.Refused(_me, other, Append(), ObjectErrorCode.TooLarge);
        _objects.Restore();
        _objects.Refused(_me, other, Append(), ObjectErrorCode.TooLarge);

        // Reads go on, and what needs no memory.
        Assert.Equal((ulong)written, _objects.Ask(_me, 0, new ObjectRequest { ListObjects = new ObjectList() }).Objects.Objects.Single(each => each.Object == target).Count);
        Assert.Null(AskAndAcknowledge(other, new ObjectRequest { ListReverse = new ListReverse() }).Error);
        Assert.True(AskAndAcknowledge(target, new ObjectRequest { Delete = new ObjectDelete() }).Flag);
        Assert.Null(AskAndAcknowledge(other, Append()).Error);
    }

    [Fact]
    public void What_only_takes_the_place_of_something_is_no_growth()
    {
        Limit(20_000);
        var dict = _objects.Open(_me, ObjectKind.Dictionary, "d");
        AskAndAcknowledge(dict, OnDict.SetJson("n", "1"));
        var i = 0;
        for (; AskAndAcknowledge(dict, OnDict.Set($"k{i}", new string('x', ValueBytes))).Error is null; i++)
        {
        }

        Assert.Null(AskAndAcknowledge(dict, OnDict.Set("k0", new string('y', ValueBytes))).Error);
        Assert.Null(AskAndAcknowledge(dict, OnDict.Increment("n", 1)).Error);
        Assert.False(AskAndAcknowledge(dict, OnDict.TryAdd("k0", new string('y', 5 * ValueBytes))).Flag);
        _objects.Refused(_me, dict, OnDict.Set("k0", new string('y', 2 * ValueBytes)), ObjectErrorCode.TooLarge);
        Assert.True(AskAndAcknowledge(dict, OnDict.Remove("k0")).Flag);
        Assert.Null(AskAndAcknowledge(dict, OnDict.Set("new", new string('y', ValueBytes))).Error);
    }

    [Fact]
    public void Arrays_count_when_they_are_made_and_raising_the_limit_helps_at_once()
    {
        Limit(20_000);
        var array = new ObjectOpen { Kind = ObjectKind.Array, Cells = new CellOptions { Length = 4000, Numeric = NumericType.Float64 } };
        _objects.Refused(_me, 0, new ObjectRequest { Open = array }, ObjectErrorCode.TooLarge);
        var values = new ObjectOpen { Kind = ObjectKind.Array, Cells = new CellOptions { Length = 20, Initial = { Text.Of(new string('x', ValueBytes)) } } };
        _objects.Refused(_me, 0, new ObjectRequest { Open = values }, ObjectErrorCode.TooLarge);
        Limit(60_000);
        _objects.Open(_me, array.Clone());
        _objects.Open(_me, values.Clone());
        var nothing = _objects.Open(_me, new ObjectOpen { Kind = ObjectKind.Array, Cells = new CellOptions { Length = 50 } });
        AskAndAcknowledge(nothing, new ObjectRequest { CellSet = new CellSet { Index = 1, Value = Text.Of("x") } });
        AskAndAcknowledge(nothing, new ObjectRequest { CellSet = new CellSet { Index = 2, Value = Text.Json("null") } });
        var used = _objects.Machine.Memory.Used;
        _objects.Restore();
        Assert.Equal(used, _objects.Machine.Memory.Used);
    }

    [Fact]
    public void Replies_that_are_not_acknowledged_and_changes_that_wait_count_too()
    {
        var queue = _objects.Open(_me, ObjectHarness.Queue(1));
        _objects.Acknowledge(_me, 2);
        var before = _objects.Machine.Memory.Used;
        for (var i = 0; i < 5; i++)
        {
            _objects.Send(_me, queue, Grow(ObjectKind.Queue, i));
        }

        Assert.InRange(_objects.Machine.Memory.Used - before, 5 * ValueBytes, 8 * ValueBytes);
        var other = _objects.Session();
        for (var i = 0; i < 5; i++)
        {
            _objects.Ask(other, queue, new ObjectRequest { QueueGet = new QueueGet() });
        }

        Assert.InRange(_objects.Machine.Memory.Used - before, 5 * ValueBytes, 8 * ValueBytes);
        _objects.Acknowledge(other, 6);
        _objects.Acknowledge(_me, 7);
        Assert.Equal(before, _objects.Machine.Memory.Used);
    }

    [Fact]
    public void The_history_of_dictionaries_has_a_quarter_and_forgets_then()
    {
        Limit(40_000);
        var dict = _objects.Open(_me, ObjectKind.Dictionary, "d");
        var first = AskAndAcknowledge(dict, OnDict.Set("k", new string('x', ValueBytes))).Revision;
        var last = 0UL;
        for (var i = 0; i < 100; i++)
        {
            last = AskAndAcknowledge(dict, OnDict.Set("k", new string('x', ValueBytes))).Revision;
            Assert.InRange(_objects.Machine.Memory.History, 0, 10_000);
        }

        Assert.True(_objects.Reply(_me, _objects.Send(_me, dict, OnDict.Watch(first)))!.DictChanges.Compacted);
        Assert.Single(_objects.Reply(_me, _objects.Send(_me, dict, OnDict.Watch(last)))!.DictChanges.Changes);
    }

    private static ObjectRequest Append() => new() { ListAppend = new ListAppend { Values = { Text.Of(new string('x', ValueBytes)) } } };

    private static ObjectRequest Grow(ObjectKind kind, int i) => kind switch
    {
        ObjectKind.Dictionary or ObjectKind.Namespace => OnDict.Set($"k{i}", new string('x', ValueBytes)),
        ObjectKind.List => Append(),
        ObjectKind.Queue => new ObjectRequest { QueuePut = new QueuePut { Values = { Text.Of(new string('x', ValueBytes)) } } },
        _ => new ObjectRequest { PipeSend = new PipeSend { End = PipeEnd.Left, Value = Text.Of(new string('x', ValueBytes)) } },
    };

    private ObjectReply AskAndAcknowledge(ulong target, ObjectRequest request)
    {
        var reply = _objects.Ask(_me, target, request);
        _objects.Acknowledge(_me, reply.Number + 1);
        return reply;
    }

    private void Limit(long bytes) => _objects.Apply(ObjectEntry.MemoryLimited(_objects.Now, bytes));
}
