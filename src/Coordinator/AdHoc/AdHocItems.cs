using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cluster.Coordinator.Errors;
using Cluster.Protocol;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Cluster.Coordinator.AdHoc;

/// <summary>Writes the items of people as batches of JSON.</summary>
internal static class AdHocItems
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The batches, each made when it is asked for.</summary>
    /// <param name="items">The items.</param>
    /// <param name="alwaysNull">The function takes nothing: items are null, or empty lists.</param>
    /// <exception cref="RpcException">INVALID_ARGUMENT: an item is none that JSON can say, or not what it has to be.</exception>
    public static IEnumerable<Batch> Encode(IReadOnlyList<Value> items, bool alwaysNull) => Encode(items, alwaysNull, new ItemRange(0, (ulong)items.Count));

    /// <summary>The batches of some of the items.</summary>
    /// <inheritdoc cref="Encode(IReadOnlyList{Value}, bool)"/>
    public static IEnumerable<Batch> Encode(IReadOnlyList<Value> items, bool alwaysNull, ItemRange range)
    {
        var payload = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(payload, Options);
        List<int> lengths = [];
        var first = (int)range.First;
        var end = (int)range.End;
        for (var i = first; i < end; i++)
        {
            var before = payload.WrittenCount;
            Write(json, items[i], i, alwaysNull);
            lengths.Add(payload.WrittenCount - before);
            if (payload.WrittenCount >= Limits.PreferredPayloadBytes || i == end - 1)
            {
                foreach (var batch in Cut((ulong)first, payload.WrittenMemory, lengths))
                {
                    yield return batch;
                }

                payload.ResetWrittenCount();
                lengths.Clear();
                first = i + 1;
            }
        }
    }

    /// <summary>The batch of one value, or its fragments.</summary>
    /// <param name="index">The item.</param>
    /// <param name="value">The value.</param>
    public static IEnumerable<Batch> Encode(ulong index, Value value)
    {
        var payload = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(payload, Options);
        ValueJson.Write(json, value, canonical: false);
        json.Flush();
        return Cut(index, payload.WrittenMemory, [payload.WrittenCount]);
    }

    private static void Write(Utf8JsonWriter json, Value item, int index, bool alwaysNull)
    {
        if (alwaysNull && item is not ({ KindCase: Value.KindOneofCase.NullValue } or { KindCase: Value.KindOneofCase.ListValue, ListValue.Values.Count: 0 }))
        {
            throw Refuse(index, $"is {item}, but the function takes no arguments: write null, or with `star` an empty list");
        }

        json.Reset();
        try
        {
            ValueJson.Write(json, alwaysNull ? Value.ForNull() : item, canonical: true);
        }
        catch (InvalidOperationException exception)
        {
            throw Refuse(index, $"is none that JSON can say: {exception.Message.TrimEnd('.')}");
        }

        json.Flush();
    }

    private static RpcException Refuse(int index, string what)
    {
        var message = string.Create(CultureInfo.InvariantCulture, $"Item {index} {what}.");
        return RichStatus.BadField(string.Create(CultureInfo.InvariantCulture, $"items[{index}]"), message);
    }

    // An item beyond the size of a batch stands alone, in fragments; what came before it is a batch of its own.
    private static IEnumerable<Batch> Cut(ulong first, ReadOnlyMemory<byte> payload, List<int> lengths)
    {
        if (payload.Length <= Limits.MaxPayloadBytes)
        {
            yield return Whole(first, payload, lengths);
            yield break;
        }

        var large = lengths[^1];
        if (lengths.Count > 1)
        {
            yield return Whole(first, payload[..^large], lengths[..^1]);
        }

        for (var offset = 0; offset < large; offset += Limits.MaxPayloadBytes)
        {
            var part = payload.Slice(payload.Length - large + offset, Math.Min(Limits.MaxPayloadBytes, large - offset));
            var fragment = new Batch { First = first + (ulong)lengths.Count - 1, Count = 1, Format = Format.Json, Payload = ByteString.CopyFrom(part.Span) };
            if (large > Limits.MaxPayloadBytes)
            {
                (fragment.FragmentTotal, fragment.FragmentOffset) = ((ulong)large, (ulong)offset);
            }
            else
            {
                fragment.Lengths = LengthsOf([large]);
            }

            yield return fragment;
        }
    }

    private static Batch Whole(ulong first, ReadOnlyMemory<byte> payload, List<int> lengths) =>
        new() { First = first, Count = (uint)lengths.Count, Format = Format.Json, Lengths = LengthsOf(lengths), Payload = ByteString.CopyFrom(payload.Span) };

    private static ByteString LengthsOf(List<int> lengths)
    {
        var bytes = new byte[lengths.Count * sizeof(uint)];
        for (var i = 0; i < lengths.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)), (uint)lengths[i]);
        }

        return UnsafeByteOperations.UnsafeWrap(bytes);
    }
}
