using System.Buffers;
using System.Buffers.Binary;

namespace Grpc.Wire;

/// <summary>What precedes each message on the wire: a flag byte (1: compressed) and the length, big-endian.</summary>
internal static class MessageHeader
{
    public const int Size = 5;

    public static void Write(Span<byte> destination, bool compressed, int length)
    {
        destination[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], (uint)length);
    }

    public static bool TryRead(in ReadOnlySequence<byte> buffer, out byte flag, out uint length)
    {
        ReadOnlySpan<byte> header = buffer.FirstSpan;
        if (header.Length < Size)
        {
            if (buffer.Length < Size)
            {
                flag = 0;
                length = 0;
                return false;
            }

            Span<byte> copy = stackalloc byte[Size];
            buffer.Slice(0, Size).CopyTo(copy);
            flag = copy[0];
            length = BinaryPrimitives.ReadUInt32BigEndian(copy[1..]);
            return true;
        }

        flag = header[0];
        length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        return true;
    }
}
