using System.Buffers;
using System.Buffers.Binary;

namespace Cluster.Coordinator.Journal;

/// <summary>
/// A record in a file: its length, a checksum of its payload, its number, the number of the last record that was safe on the disk when it was written, a
/// checksum of all these, and the payload. Numbers are little-endian. The header has a checksum of its own, so that a wrong length is not taken for a
/// record that a crash cut off.
/// </summary>
internal static class RecordFormat
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderBytes = 28;

    /// <summary>The largest payload.</summary>
    public const int MaxPayloadBytes = 64 << 20;

    private const int CheckedBytes = 24;

    /// <summary>Adds a record.</summary>
    public static void Write(IBufferWriter<byte> to, ulong number, ulong durable, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MaxPayloadBytes);
        Span<byte> header = to.GetSpan(HeaderBytes)[..HeaderBytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Crc32C.Of(payload));
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], number);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], durable);
        BinaryPrimitives.WriteUInt32LittleEndian(header[CheckedBytes..], Crc32C.Of(header[..CheckedBytes]));
        to.Advance(HeaderBytes);
        to.Write(payload);
    }

    /// <summary>How long a payload is; null where the header is damaged.</summary>
    public static int? PayloadBytes(ReadOnlySpan<byte> header)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(header);
        return BinaryPrimitives.ReadUInt32LittleEndian(header[CheckedBytes..]) == Crc32C.Of(header[..CheckedBytes]) && length is >= 0 and <= MaxPayloadBytes ? length : null;
    }

    /// <summary>Reads the record that begins where <paramref name="bytes"/> does.</summary>
    public static RecordState Read(ReadOnlyMemory<byte> bytes, out Record record)
    {
        record = default;
        if (bytes.Length < HeaderBytes)
        {
            return RecordState.CutOff;
        }

        ReadOnlySpan<byte> header = bytes.Span[..HeaderBytes];
        if (PayloadBytes(header) is not int length)
        {
            return RecordState.BadHeader;
        }

        (ulong number, ulong durable) = (BinaryPrimitives.ReadUInt64LittleEndian(header[8..]), BinaryPrimitives.ReadUInt64LittleEndian(header[16..]));
        if (bytes.Length - HeaderBytes < length)
        {
            return RecordState.CutOff;
        }

        record = new Record(number, durable, bytes.Slice(HeaderBytes, length));
        return BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == Crc32C.Of(record.Payload.Span) ? RecordState.Good : RecordState.BadPayload;
    }
}
