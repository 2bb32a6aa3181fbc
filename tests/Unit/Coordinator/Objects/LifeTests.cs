using Cluster.Coordinator.Objects;
using Cluster.Protocol.V1;
using Cluster.Unit.Coordinator.Objects.Dictionaries;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects;

public sealed class LifeTests : IDisposable
{
    private readonly ObjectHarness _objects = new(new ObjectLimits { Objects = 6, NameLength = 20, PageBytes = 100 });
    private readonly ulong _me;
    private readonly ulong _other;

    public LifeTests()
    {
        _me = _objects.Session();
        _other = _objects.Session();
    }

    public void Dispose() => _objects.Dispose();

    [Fact]
    public void A_name_is_created_once_and_found_from_then_on()
    {
        var created = Open(_me, new ObjectOpen { Kind = ObjectKind.Queue, Name = "jobs", Queue = new QueueOptions { Capacity = 8 } }).Opened;
        var found = Open(_other, new ObjectOpen { Kind = ObjectKind.Queue, Name = "jobs" }).Opened;

        Assert.True(created.Created);
        Assert.False(found.Created);
        Assert.Equal((created.Object, 8U), (found.Object, found.Queue.Capacity));
    }

    [Fact]
    public void Modes_insist_on_a_new_one_or_on_one_that_is_there()
    {
        Assert.Equal(ObjectErrorCode.NotFound, Open(_me, Named(ObjectKind.List, OpenMode.Find)).Error.Code);
        Assert.True(Open(_me, Named(ObjectKind.List, OpenMode.Create)).Opened.Created);
        Assert.Equal(ObjectErrorCode.AlreadyExists, Open(_me, Named(ObjectKind.List, OpenMode.Create)).Error.Code);
        Assert.False(Open(_me, Named(ObjectKind.List, OpenMode.Find)).Opened.Created);
        Assert.Equal(ObjectErrorCode.NotFound, Open(_me, new ObjectOpen { Kind = ObjectKind.List, Mode = OpenMode.Find }).Error.Code);
    }

    [Fact]
    public void A_name_of_another_kind_is_refused_and_both_are_named()
    {
        Open(_me, Named(ObjectKind.List));
        var error = Open(_me, Named(ObjectKind.Dictionary)).Error;

        Assert.Equal(ObjectErrorCode.WrongKind, error.Code);
        Assert.Contains("'letters' is a list", error.Message, StringComparison.Ordinal);
        Assert.Contains("opened as a dictionary", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_types_of_values_are_refused_and_both_are_named()
    {
        Open(_me, new ObjectOpen { Kind = ObjectKind.Dictionary, Name = "d", KeyType = "string", ValueType = "int" });
        var error = Open(_me, new ObjectOpen { Kind = ObjectKind.Dictionary, Name = "d", KeyType = "string", ValueType = "double" }).Error;

        Assert.Equal(ObjectErrorCode.WrongType, error.Code);
        Assert.Contains("string to int", error.Message, StringComparison.Ordinal);
        Assert.Contains("string to double", error.Message, StringComparison.Ordinal);
        Assert.Equal(ObjectErrorCode.WrongType, Open(_me, new ObjectOpen { Kind = ObjectKind.Dictionary, Name = "d", KeyType = "int" }).Error.Code);
        Assert.NotNull(Open(_me, new ObjectOpen { Kind = ObjectKind.Dictionary, Name = "d" }).Opened);
    }

    [Fact]
    public void An_operation_of_another_kind_is_refused_and_both_are_named()
    {
        var list = Open(_me, Named(ObjectKind.List)).Opened.Object;
        var error = _objects.Refused(_me, list, OnDict.Set("a", "1"), ObjectErrorCode.WrongKind);

        Assert.Contains("'letters' is a list", error.Message, StringComparison.Ordinal);
        Assert.Contains("dict_set", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_object_and_a_deleted_one_are_told_apart()
    {
        var list = Open(_me, Named(ObjectKind.List)).Opened.Object;
        Assert.True(_objects.Ask(_other, 0, new ObjectRequest { Delete = new ObjectDelete { Name = "letters" } }).Flag);
        Assert.False(_objects.Ask(_other, 0, new ObjectRequest { Delete = new ObjectDelete { Name = "letters" } }).Flag);

        _objects.Refused(_me, list, new ObjectRequest { ListCount = new ListCount() }, ObjectErrorCode.Deleted);
        _objects.Refused(_me, list, new ObjectRequest { Attach = new ObjectAttach() }, ObjectErrorCode.Deleted);
        _objects.Refused(_me, list, new ObjectRequest { Release = new ObjectRelease() }, ObjectErrorCode.Deleted);
        _objects.Refused(_me, list + 1, new ObjectRequest { ListCount = new ListCount() }, ObjectErrorCode.NotFound);
        _objects.Refused(_me, 0, new ObjectRequest { ListCount = new ListCount() }, ObjectErrorCode.NotFound);
    }

    [Fact]
    public void Ids_are_not_given_again()
    {
        var first = Open(_me, Named(ObjectKind.List)).Opened.Object;
        _objects.Ask(_me, first, new ObjectRequest { Delete = new ObjectDelete() });

        Assert.NotEqual(first, Open(_me, Named(ObjectKind.List)).Opened.Object);
    }

    [Fact]
    public void An_anonymous_object_lives_as_long_as_someone_has_a_reference()
    {
        var list = Open(_me, new ObjectOpen { Kind = ObjectKind.List }).Opened.Object;
        _objects.Ask(_me, list, new ObjectRequest { Attach = new ObjectAttach() });
        _objects.Ask(_other, list, new ObjectRequest { Attach = new ObjectAttach() });
        Release(_me, list);
        Release(_me, list);
        _objects.Refused(_me, list, new ObjectRequest { Release = new ObjectRelease() }, ObjectErrorCode.TooOften);
        Assert.Null(_objects.Ask(_me, list, new ObjectRequest { ListCount = new ListCount() }).Error);
        _objects.Close(_other);

        _objects.Refused(_me, list, new ObjectRequest { ListCount = new ListCount() }, ObjectErrorCode.Deleted);
    }

    [Fact]
    public void A_named_object_lives_until_it_is_deleted()
    {
        var list = Open(_me, Named(ObjectKind.List)).Opened.Object;
        Release(_me, list);
        _objects.Close(_me);

        Assert.Equal(0UL, _objects.Ask(_other, list, new ObjectRequest { ListCount = new ListCount() }).Count);
    }

    [Fact]
    public void Attaching_may_insist_on_a_kind()
    {
        var list = Open(_me, Named(ObjectKind.List)).Opened.Object;
        _objects.Refused(_other, list, new ObjectRequest { Attach = new ObjectAttach { Kind = ObjectKind.Queue } }, ObjectErrorCode.WrongKind);
        Assert.Equal("letters", _objects.Ask(_other, list, new ObjectRequest { Attach = new ObjectAttach { Kind = ObjectKind.List } }).Opened.Name);
    }

    [Fact]
    public void What_there_is_can_be_listed()
    {
        Open(_me, new ObjectOpen { Kind = ObjectKind.List, Name = "b", ValueType = "int" });
        Open(_me, new ObjectOpen { Kind = ObjectKind.Queue, Name = "a1" });
        var queue = Open(_other, new ObjectOpen { Kind = ObjectKind.Queue, Name = "a1" }).Opened.Object;
        Open(_me, new ObjectOpen { Kind = ObjectKind.Event });
        _objects.Send(_me, queue, new ObjectRequest { QueueGet = new QueueGet() });

        Assert.Equal(["b", "a1"], List(new ObjectList()).Select(found => found.Name));
        Assert.Equal(["b", "a1", ""], List(new ObjectList { Anonymous = true }).Select(found => found.Name));
        Assert.Equal(["b"], List(new ObjectList { Kind = ObjectKind.List }).Select(found => found.Name));
        var described = List(new ObjectList { Prefix = "a" }).Single();
        Assert.Equal((ObjectKind.Queue, 0UL, 2UL, 1UL), (described.Kind, described.Count, described.References, described.Waiting));
    }

    [Fact]
    public void Names_objects_and_options_have_limits()
    {
        Assert.Equal(ObjectErrorCode.TooLarge, Open(_me, new ObjectOpen { Kind = ObjectKind.List, Name = new string('x', 21) }).Error.Code);
        Assert.Equal(ObjectErrorCode.Invalid, Open(_me, new ObjectOpen { Kind = (ObjectKind)99 }).Error.Code);
        Assert.Equal(ObjectErrorCode.Invalid, Open(_me, new ObjectOpen()).Error.Code);
        Assert.Equal(ObjectErrorCode.Invalid, Open(_me, new ObjectOpen { Kind = ObjectKind.Lock, Queue = new QueueOptions() }).Error.Code);
        for (var i = 0; i < 6; i++)
        {
            Assert.Null(Open(_me, new ObjectOpen { Kind = ObjectKind.Lock }).Error);
        }

        Assert.Contains(nameof(ObjectLimits.Objects), Open(_me, new ObjectOpen { Kind = ObjectKind.Lock }).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_namespace_is_a_dictionary_of_names()
    {
        var space = Open(_me, new ObjectOpen { Kind = ObjectKind.Namespace }).Opened.Object;
        _objects.Ask(_me, space, OnDict.Set("x", "1"));

        Assert.Equal("1", _objects.Ask(_me, space, OnDict.Get("x")).DictEntry.Value.Read());
        Assert.True(_objects.Ask(_me, space, OnDict.Remove("x")).Flag);
        Assert.Equal(0UL, _objects.Ask(_me, space, OnDict.Get("x")).DictEntry.Version);
    }

    private static ObjectOpen Named(ObjectKind kind, OpenMode mode = OpenMode.Unspecified) => new() { Kind = kind, Name = "letters", Mode = mode };

    private ObjectReply Open(ulong session, ObjectOpen open) => _objects.Ask(session, 0, new ObjectRequest { Open = open });

    private void Release(ulong session, ulong target) => Assert.Null(_objects.Ask(session, target, new ObjectRequest { Release = new ObjectRelease() }).Error);

    private IEnumerable<ObjectDescription> List(ObjectList list)
    {
        var number = _objects.Send(_me, 0, new ObjectRequest { ListObjects = list });
        return _objects.Replies(_me, number).SelectMany(reply => reply.Objects.Objects);
    }
}
