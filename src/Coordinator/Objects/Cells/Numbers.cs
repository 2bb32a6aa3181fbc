using Cluster.Protocol.V1;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Cluster.Coordinator.Objects.Cells;

/// <summary>Arithmetic on numbers in memory, little-endian.</summary>
internal static class Numbers
{
    /// <summary>Bytes of a number.</summary>
    public static int Width(NumericType type) => type switch
    {
        NumericType.Int8 or NumericType.Uint8 => 1,
        NumericType.Int16 or NumericType.Uint16 => 2,
        NumericType.Int32 or NumericType.Uint32 or NumericType.Float32 => 4,
        NumericType.Int64 or NumericType.Uint64 or NumericType.Float64 => 8,
        _ => throw new ArgumentException($"{type} is no number type.", nameof(type)),
    };

    /// <summary>Adds <paramref name="by"/> to <paramref name="cell"/>. Integers wrap around; signed and unsigned ones do so alike.</summary>
    public static void Add(NumericType type, Span<byte> cell, ReadOnlySpan<byte> by)
    {
        unchecked
        {
            switch (type)
            {
                case NumericType.Float32:
                    WriteSingleLittleEndian(cell, ReadSingleLittleEndian(cell) + ReadSingleLittleEndian(by));
                    break;
                case NumericType.Float64:
                    WriteDoubleLittleEndian(cell, ReadDoubleLittleEndian(cell) + ReadDoubleLittleEndian(by));
                    break;
                case NumericType.Int8 or NumericType.Uint8:
                    cell[0] += by[0];
                    break;
                case NumericType.Int16 or NumericType.Uint16:
                    WriteUInt16LittleEndian(cell, (ushort)(ReadUInt16LittleEndian(cell) + ReadUInt16LittleEndian(by)));
                    break;
                case NumericType.Int32 or NumericType.Uint32:
                    WriteUInt32LittleEndian(cell, ReadUInt32LittleEndian(cell) + ReadUInt32LittleEndian(by));
                    break;
                default:
                    WriteUInt64LittleEndian(cell, ReadUInt64LittleEndian(cell) + ReadUInt64LittleEndian(by));
                    break;
            }
        }
    }
}
