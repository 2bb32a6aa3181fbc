using System.Buffers.Binary;
using System.Globalization;
using Cluster.Coordinator.AdHoc;
using Cluster.Protocol;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Coordinator.Detached.Programs;

/// <summary>Results of programs as people read them, as far as their layout says what they are.</summary>
/// <param name="resultType">Their type as C# writes it; empty where nobody said.</param>
internal sealed class BatchValues(string resultType)
{
    private readonly ItemResults _json = new("The function");

    /// <summary>The answers in a record. Large ones, of which it has parts, are left out.</summary>
    public IEnumerable<ItemResult> Read(Results? results)
    {
        foreach (var batch in (results?.Batches ?? []).Where(static batch => batch.FragmentTotal == 0))
        {
            var slicer = new BatchSlicer(batch);
            for (var index = slicer.First; index < slicer.End; index++)
            {
                var item = slicer.Slice(index, 1);
                var isNull = !item.Lengths.IsEmpty && BinaryPrimitives.ReadUInt32LittleEndian(item.Lengths.Span) == uint.MaxValue;
                yield return isNull ? new ItemResult { Index = index, Value = Value.ForNull() } : Of(index, item.Format, item.Payload.Memory);
            }
        }

        foreach (var failure in results?.Failures ?? [])
        {
            yield return new ItemResult { Index = failure.Index, Error = failure.Error };
        }
    }

    /// <summary>A large result.</summary>
    /// <param name="index">The item.</param>
    /// <param name="entries">The job's file from the first fragment on.</param>
    /// <exception cref="InvalidDataException">The fragments are not all there.</exception>
    public ItemResult ReadLarge(ulong index, IEnumerable<DetachedJobEntry> entries)
    {
        var fragments = new FragmentAssembler(Limits.MaxMessageBytes);
        foreach (var fragment in entries.SelectMany(static entry => entry.Batches?.Batches ?? []).Where(batch => batch.FragmentTotal != 0 && batch.First == index))
        {
            if (fragment.FragmentTotal > Limits.MaxMessageBytes)
            {
                return Untellable(index, string.Create(
                    CultureInfo.InvariantCulture, $"it has {fragment.FragmentTotal} bytes, and a message has {Limits.MaxMessageBytes} at most. Fetch it from a program with the SDK."));
            }

            if (fragments.Add(fragment, fragment.Payload.Span) is { } whole)
            {
                return Of(index, fragment.Format, whole);
            }
        }

        throw new InvalidDataException("The file of the job's results is damaged. Submit the job again.");
    }

    private ItemResult Of(ulong index, Format format, ReadOnlyMemory<byte> bytes) => format switch
    {
        Format.Json => _json.Indexed(new Answer(index, bytes, null)),
        Format.Utf8 => Tell(index, Value.ForString(System.Text.Encoding.UTF8.GetString(bytes.Span))),

        // As System.Text.Json has them.
        Format.Bytes when resultType is "byte[]" => Tell(index, Value.ForString(Convert.ToBase64String(bytes.Span))),
        Format.Raw when bytes.IsEmpty => Tell(index, Value.ForNull()),
        Format.Raw when Number(bytes.Span) is { } number => Tell(index, number),
        _ => Untellable(index, $"it is a {(resultType.Length > 0 ? resultType : "value of .NET")} in its own layout ({format}). Fetch it from a program with the SDK."),
    };

    private static ItemResult Tell(ulong index, Value value)
    {
        var result = new ItemResult { Index = index, Value = value };
        return result.CalculateSize() <= Limits.MaxMessageBytes ? result : Untellable(index, "it does not fit a message. Fetch it from a program with the SDK.");
    }

    private static ItemResult Untellable(ulong index, string why) => new() { Index = index, Error = AnswerDecoder.Untellable(why) };

    private Value? Number(ReadOnlySpan<byte> bytes) => (resultType, bytes.Length) switch
    {
        ("bool", 1) => Value.ForBool(bytes[0] != 0),
        ("byte", 1) => Value.ForNumber(bytes[0]),
        ("sbyte", 1) => Value.ForNumber((sbyte)bytes[0]),
        ("short", 2) => Value.ForNumber(BinaryPrimitives.ReadInt16LittleEndian(bytes)),
        ("ushort", 2) => Value.ForNumber(BinaryPrimitives.ReadUInt16LittleEndian(bytes)),
        ("int", 4) => Value.ForNumber(BinaryPrimitives.ReadInt32LittleEndian(bytes)),
        ("uint", 4) => Value.ForNumber(BinaryPrimitives.ReadUInt32LittleEndian(bytes)),
        ("long", 8) => Value.ForNumber(BinaryPrimitives.ReadInt64LittleEndian(bytes)),
        ("ulong", 8) => Value.ForNumber(BinaryPrimitives.ReadUInt64LittleEndian(bytes)),
        ("float", 4) => Value.ForNumber(BinaryPrimitives.ReadSingleLittleEndian(bytes)),
        ("double", 8) => Value.ForNumber(BinaryPrimitives.ReadDoubleLittleEndian(bytes)),
        _ => null,
    };
}
