using System.Text;
using System.Text.Json;
using Cluster.Protocol.Batches;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Xunit;

namespace Cluster.Unit.Protocol.Batches;

/// <summary>Values of people, from JSON and back.</summary>
public sealed class ValueJsonTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("-12.5")]
    [InlineData("9007199254740992")]
    [InlineData("\"ü \\\" line\"")]
    [InlineData("[]")]
    [InlineData("[1,[\"two\",{}],null]")]
    [InlineData("{\"a\":{\"b\":[false]},\"c\":\"\"}")]
    public void What_is_read_is_written_the_same(string json) => Assert.Equal(json, Write(ValueJson.Read(Encoding.UTF8.GetBytes(json))));

    [Fact]
    public void Numbers_beyond_doubles_are_text_and_the_last_of_equal_names_counts()
    {
        var large = "1" + new string('0', 400);
        Assert.Equal(Value.ForString(large), ValueJson.Read(Encoding.UTF8.GetBytes(large)));
        Assert.Equal("{\"a\":2}", Write(ValueJson.Read("{\"a\":1,\"a\":2}"u8)));
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void What_is_read_fits_the_nesting_that_other_libraries_read(char open, char close)
    {
        var value = ValueJson.Read(Nested(30));
        Assert.Equal(value, Value.Parser.ParseFrom(value.ToByteArray()));
        Assert.ThrowsAny<JsonException>(() => ValueJson.Read(Nested(31)));

        byte[] Nested(int depth) => Encoding.UTF8.GetBytes(open == '['
            ? new string(open, depth) + new string(close, depth)
            : string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{" + new string(close, depth));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 2")]
    [InlineData("[1")]
    [InlineData("text")]
    public void What_is_no_document_is_refused(string json) => Assert.ThrowsAny<JsonException>(() => ValueJson.Read(Encoding.UTF8.GetBytes(json)));

    private static string Write(Value value)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            ValueJson.Write(json, value, canonical: true);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
