using System.Text;
using Cluster.Coordinator.AdHoc;
using Cluster.Protocol;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Coordinator.AdHoc;

/// <summary>Items of people, as batches, and results as they are read again.</summary>
public sealed class AdHocItemsTests
{
    [Fact]
    public void Items_of_every_kind_and_size_come_out_as_they_went_in()
    {
        Value[] items =
        [
            Value.ForNumber(1), Value.ForNull(), Text(70_000), Text(Limits.MaxPayloadBytes - 2), Value.ForBool(true), Text(Limits.MaxPayloadBytes), Text((2 * Limits.MaxPayloadBytes) + 5),
            Value.ForList(Value.ForString("ü")),
        ];
        var batches = AdHocItems.Encode(items, alwaysNull: false).ToArray();
        Assert.All(batches, batch => Assert.Null(BatchRules.Check(batch, batch.Payload.Length, Limits.DefaultMaxItemBytes)));
        var decoder = new AnswerDecoder();
        var answers = decoder.Decode(new Results { Batches = { batches } }).ToArray();
        Assert.Equal(Enumerable.Range(0, items.Length).Select(i => (ulong)i), answers.Select(answer => answer.Index));
        Assert.Equal(items, answers.Select(answer => ValueJson.Read(answer.Json.Span)));
    }

    [Fact]
    public void Many_small_items_share_batches()
    {
        var items = Enumerable.Range(0, 100_000).Select(i => Value.ForNumber(i)).ToArray();
        var batches = AdHocItems.Encode(items, alwaysNull: false).ToArray();
        Assert.InRange(batches.Length, 5, 15);
        Assert.Equal(100_000, batches.Sum(batch => (long)batch.Count));
        Assert.Empty(AdHocItems.Encode([], alwaysNull: false));
    }

    [Fact]
    public void An_item_that_JSON_cannot_say_is_named()
    {
        Assert.Contains("Item 1 is none that JSON can say", Refused(false, Value.ForNumber(1), Value.ForNumber(double.NaN)), StringComparison.Ordinal);
        Assert.Contains("Item 0", Refused(false, new Value()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_without_parameters_takes_nothing()
    {
        var nothing = AdHocItems.Encode([Value.ForNull(), Value.ForList()], alwaysNull: true).Single();
        Assert.Equal("nullnull", nothing.Payload.ToStringUtf8());
        Assert.Contains("takes no arguments", Refused(true, Value.ForNumber(7)), StringComparison.Ordinal);
    }

    private static Value Text(int length) => Value.ForString(new StringBuilder().Append('x', length).ToString());

    private static string Refused(bool alwaysNull, params Value[] items)
    {
        var refusal = Assert.Throws<RpcException>(() => AdHocItems.Encode(items, alwaysNull).ToArray());
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        return refusal.Status.Detail;
    }
}
