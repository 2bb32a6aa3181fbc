using System.Buffers.Binary;
using Google.Protobuf;

namespace Cluster.Protocol.Batches;

/// <summary>The lengths of a batch's items as they travel: one little-endian uint32 each.</summary>
internal sealed class LengthTable
{
    /// <summary>Bytes per entry.</summary>
    public const int EntryBytes = sizeof(uint);

    /// <summary>The length of an item that is null and takes no bytes.</summary>
    public const uint Null = uint.MaxValue;

    private byte[] _entries = [];
    private int _used;

    public static uint Read(ReadOnlySpan<byte> table, int item) => BinaryPrimitives.ReadUInt32LittleEndian(table[(item * EntryBytes)..]);

    public void Add(uint length)
    {
        if (_used == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(16 * EntryBytes, _entries.Length * 2));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(_entries.AsSpan(_used), length);
        _used += EntryBytes;
    }

    /// <summary>The entries as a field of their own, and an empty table.</summary>
    public ByteString Take()
    {
        var taken = ByteString.CopyFrom(_entries.AsSpan(0, _used));
        _used = 0;
        return taken;
    }

    public void Clear() => _used = 0;
}
