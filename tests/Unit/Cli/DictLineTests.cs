using System.Text;
using Cluster.Cli.Items;
using Cluster.Cli.Output;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Xunit;

namespace Cluster.Unit.Cli;

public sealed class DictLineTests
{
    [Theory]
    [InlineData("""{"a":[1,2.5,null,true],"b":"ü<\"\n"}""", """{"a":[1,2.5,null,true],"b":"ü<\"\n"}""")]
    [InlineData("9007199254740992", "9007199254740992")]
    [InlineData("-1000000000000000", "-1000000000000000")]
    [InlineData("text", "\"text\"")]
    public void A_value_is_printed_as_it_was_given(string text, string expected) =>
        Assert.Equal(expected, Text(DictLine.Value(new DictItem { Value = JsonText.Parse(text), Version = 1 })));

    [Fact]
    public void What_is_no_JSON_is_printed_in_base64()
    {
        var item = new DictItem { Key = Value.ForNumber(1), Bytes = ByteString.CopyFrom(0, 255), Version = 3 };

        Assert.Equal("""{"bytes":"AP8="}""", Text(DictLine.Value(item)));
        Assert.Equal("""{"key":1,"bytes":"AP8=","version":3}""", Text(DictLine.Entry(item)));
    }

    [Fact]
    public void A_change_says_what_happened_and_when()
    {
        var item = new DictItem { Key = Value.ForString("k"), Value = Value.ForNull(), Version = 3 };

        Assert.Equal("""{"event":"set","key":"k","value":null,"revision":3}""", Text(DictLine.Change(new DictWatchReply { Set = item, Revision = 3 })));
        Assert.Equal("""{"event":"deleted","key":"k","revision":4}""", Text(DictLine.Change(new DictWatchReply { Deleted = item.Key, Revision = 4 })));
        Assert.Equal("""{"event":"cleared","revision":5}""", Text(DictLine.Change(new DictWatchReply { Cleared = true, Revision = 5 })));
        Assert.Equal("""{"event":"current","revision":5}""", Text(DictLine.Change(new DictWatchReply { Current = true, Revision = 5 })));
    }

    private static string Text(byte[] line) => Encoding.UTF8.GetString(line);
}
