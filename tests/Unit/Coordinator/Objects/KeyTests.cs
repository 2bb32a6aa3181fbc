using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects;

/// <summary>Anonymous objects that are found by a key which their maker made up.</summary>
public sealed class KeyTests
{
    private const string Key = "0123456789abcdef";

    [Fact]
    public void A_key_finds_the_same_object_from_another_session()
    {
        using var objects = new ObjectHarness();
        var (one, two) = (objects.Session(), objects.Session());
        var made = objects.Ask(one, 0, Open(Key)).Opened;
        var found = objects.Ask(two, 0, Open(Key, OpenMode.Find)).Opened;

        Assert.Equal((made.Object, true, false), (found.Object, made.Created, found.Created));
        objects.Close(one);
        Assert.Equal(made.Object, objects.Ask(two, 0, Open(Key, OpenMode.Find)).Opened.Object);
    }

    [Fact]
    public void It_goes_with_the_last_who_has_it()
    {
        using var objects = new ObjectHarness();
        var (one, two) = (objects.Session(), objects.Session());
        objects.Ask(one, 0, Open(Key));
        objects.Close(one);

        var gone = objects.Ask(two, 0, Open(Key, OpenMode.Find)).Error;
        Assert.Equal(ObjectErrorCode.NotFound, gone.Code);
        Assert.Contains("nobody has it any more", gone.Message, StringComparison.Ordinal);
        Assert.True(objects.Ask(two, 0, Open(Key)).Opened.Created);
    }

    [Fact]
    public void A_name_will_do_without_opening()
    {
        using var objects = new ObjectHarness();
        var (one, two) = (objects.Session(), objects.Session());
        var count = new ObjectRequest { Name = "q", QueueStatus = new QueueStatus() };
        Assert.Contains("'q'", objects.Refused(two, 0, count.Clone(), ObjectErrorCode.NotFound).Message, StringComparison.Ordinal);

        objects.Ask(one, 0, new ObjectRequest { Open = new ObjectOpen { Kind = ObjectKind.Queue, Name = "q" } });
        Assert.Null(objects.Ask(two, 0, count.Clone()).Error);
        objects.Refused(two, 0, new ObjectRequest { Name = "q", EventSet = new EventSet() }, ObjectErrorCode.WrongKind);
    }

    [Theory]
    [InlineData("short", "")]
    [InlineData(Key, "named")]
    public void A_key_is_long_and_for_objects_without_a_name(string key, string name)
    {
        using var objects = new ObjectHarness();
        var request = Open(key);
        request.Open.Name = name;
        Assert.Equal(ObjectErrorCode.Invalid, objects.Ask(objects.Session(), 0, request).Error.Code);
    }

    private static ObjectRequest Open(string key, OpenMode mode = OpenMode.Unspecified) => new() { Open = new ObjectOpen { Kind = ObjectKind.Queue, Key = key, Mode = mode } };
}
