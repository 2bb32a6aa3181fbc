using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Protocol.Batches;
using Google.Protobuf.WellKnownTypes;
using Xunit;

namespace Cluster.Unit.Protocol.Batches;

public sealed class ItemJsonTests
{
    [Fact]
    public void Tuples_are_arrays()
    {
        Assert.Equal("""[1,"a",[true,2.5]]""", Write((1, "a", (true, 2.5))));
        Assert.Equal("""[1,2,3,4,5,6,7,8,9]""", Write((1, 2, 3, 4, 5, 6, 7, 8, 9)));
        Assert.Equal("""{"Pairs":[["a",1]]}""", Write(new { Pairs = new[] { Tuple.Create("a", 1) } }));
        Assert.Equal("null", Write<Tuple<int>?>(null));
    }

    [Fact]
    public void Long_tuples_are_read_with_their_rest() =>
        Assert.Equal((1, "2", 3, 4, 5, 6, 7, 8, "9"), Read<(int, string, int, int, int, int, int, int, string)>("""[1,"2",3,4,5,6,7,8,"9"]"""));

    [Theory]
    [InlineData("""[1]""", "The array has 1 elements; the tuple takes 2.")]
    [InlineData("""[1,"a",2]""", "The array has more than the 2 elements")]
    [InlineData("""{"Item1":1,"Item2":"a"}""", "A tuple of 2 is written as an array, not as StartObject.")]
    [InlineData("""[null,"b"]""", "Element 0: The JSON value could not be converted to System.Int32.")]
    [InlineData("""["a","b"]""", "Element 0: The JSON value could not be converted to System.Int32.")]
    public void A_wrong_tuple_says_what_is_wrong(string json, string expected)
    {
        var error = Assert.Throws<JsonException>(() => Read<(int, string?)>(json));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_and_special_numbers_travel()
    {
        Assert.Equal("""{"Name":"Grüße","Value":"NaN"}""", Write(new WithFields { Name = "Grüße", Value = double.NaN }));
        Assert.Equal(double.NegativeInfinity, Read<WithFields>("""{"Value":"-Infinity"}""").Value);
    }

    [Fact]
    public void Nothing_is_null()
    {
        Assert.Equal("null", Write(default(Nothing)));
        Assert.Equal([default, default], Read<Nothing[]>("""[null,{"any":["thing"]}]"""));
    }

    [Fact]
    public void A_document_cannot_choose_the_type()
    {
        var value = Read<object>("""{"$type":"System.Diagnostics.Process, System.Diagnostics.Process","StartInfo":{"FileName":"sh"}}""");

        Assert.IsType<JsonElement>(value);
    }

    [Fact]
    public void A_document_must_fit_its_type()
    {
        var error = Assert.Throws<JsonException>(() => Read<WithFields>("""{"name":"x"}"""));

        Assert.Contains("'name'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_of_derived_types_are_not_cut_down_in_silence()
    {
        var refused = Assert.Throws<NotSupportedException>(() => Write(new List<Named> { new("Tom"), new Dog("Rex", 3) }));

        Assert.Contains("a Dog is declared as Named", refused.Message, StringComparison.Ordinal);
        Assert.Equal("""{"$type":"circle","Radius":2}""", Write<Shape>(new Circle(2)));
        Assert.Equal("""{"Age":3,"Name":"Rex"}""", Write<object>(new Dog("Rex", 3)));
    }

    [Fact]
    public void Text_that_is_none_is_not_replaced_in_silence()
    {
        foreach (var text in new[] { "\ud83d", "\ude00\ud83d", "ok 😀 \ud83d x" })
        {
            Assert.Throws<NotSupportedException>(() => Write(text));
            Assert.Throws<NotSupportedException>(() => Write(new Dictionary<string, int> { [text] = 1 }));
        }

        var whole = new Dictionary<string, string> { ["😀😀"] = "x😀" };
        Assert.Equal(whole, Read<Dictionary<string, string>>(Write(whole)));
    }

    [Fact]
    public void Messages_inside_have_the_JSON_form_of_Protocol_Buffers()
    {
        var note = new Note(1, new ListValue { Values = { Value.ForString("a"), Value.ForNumber(2) } });

        Assert.Equal("""{"Number":1,"Content":[ "a", 2 ]}""", Write(note));
        Assert.Equal(note, Read<Note>(Write(note)));
        Assert.Equal(new Note(2, null), Read<Note>("""{"Number":2,"Content":null}"""));
        Assert.Throws<JsonException>(() => Read<Note>("""{"Number":1,"Content":"x"}"""));
    }

    [Fact]
    public void Types_that_want_to_know_are_told()
    {
        var curious = new Curious();

        Write(curious);

        Assert.True(curious.WasTold);
        Assert.Throws<NotSupportedException>(() => Write<Curious>(new MoreCurious()));
    }

    [Fact]
    public void Documents_may_be_deep()
    {
        const int Depth = 200;
        Chain? chain = null;
        for (var depth = 1; depth <= Depth; depth++)
        {
            chain = new Chain(depth, chain);
        }

        Assert.Equal(chain, Read<Chain>(Write(chain)));
    }

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, ItemJson.Options);

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, ItemJson.Options)!;

    internal record Named(string Name);

    internal sealed record Dog(string Name, int Age) : Named(Name);

    [JsonDerivedType(typeof(Circle), "circle")]
    internal abstract record Shape;

    internal sealed record Circle(double Radius) : Shape;

    internal sealed record Note(int Number, ListValue? Content);

    internal sealed record Chain(int Depth, Chain? Next);

    internal class Curious : IJsonOnSerializing
    {
        [JsonIgnore]
        public bool WasTold { get; private set; }

        public void OnSerializing() => WasTold = true;
    }

    internal sealed class MoreCurious : Curious;

    internal sealed class WithFields
    {
        public string? Name;

        public double Value;
    }
}
