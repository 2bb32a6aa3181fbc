using System.Text.Json;
using Cluster.Protocol.Batches;
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

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, ItemJson.Options);

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, ItemJson.Options)!;

    internal sealed class WithFields
    {
        public string? Name;

        public double Value;
    }
}
