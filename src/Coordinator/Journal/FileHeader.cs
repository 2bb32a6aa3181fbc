using System.Buffers.Binary;

namespace Cluster.Coordinator.Journal;

/// <summary>What a file of a journal begins with.</summary>
/// <param name="Kind">Which kind of file it is.</param>
/// <param name="Journal">Of which journal: files of two must not be mixed.</param>
/// <param name="Number">Of a segment, that of its first record; of a snapshot, that of the last record that it stands for.</param>
internal readonly record struct FileHeader(FileKind Kind, Guid Journal, ulong Number)
{
    /// <summary>Its size.</summary>
    public const int Bytes = 40;

    private const int CheckedBytes = 36;

    /// <summary>Version 1 of the format, in the last byte.</summary>
    private static ReadOnlySpan<byte> Magic => "CLUSTRJ\x01"u8;

    /// <summary>The bytes of it.</summary>
    public byte[] Encode()
    {
        byte[] bytes = new byte[Bytes];
        Magic.CopyTo(bytes);
        Journal.TryWriteBytes(bytes.AsSpan(8));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), Number);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(32), (uint)Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CheckedBytes), Crc32C.Of(bytes.AsSpan(0, CheckedBytes)));
        return bytes;
    }

    /// <summary>Reads one.</summary>
    /// <returns>False: there is none, or one that is damaged or of another version.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out FileHeader header)
    {
        header = default;
        if (bytes.Length < Bytes || !bytes.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[CheckedBytes..]) != Crc32C.Of(bytes[..CheckedBytes]))
        {
            return false;
        }

        header = new FileHeader((FileKind)BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]), new Guid(bytes[8..24]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
        return true;
    }
}
