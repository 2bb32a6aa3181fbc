using System.Buffers.Binary;
using System.Text;

namespace Cluster.Protocol.Memory;

/// <summary>The first page of a segment's file: a mark, which segment it is, how large, and whose.</summary>
/// <param name="Id">Tells it from another of the same name.</param>
/// <param name="Size">Bytes of the segment, which follow the page.</param>
/// <param name="Owner">With whom it ends.</param>
internal sealed record SegmentHeader(Guid Id, long Size, string Owner)
{
    /// <summary>A page, so that the segment can be mapped.</summary>
    public const int Length = 4096;

    private const int IdAt = 8;
    private const int SizeAt = 24;
    private const int OwnerAt = 32;
    private const int Used = 64;

    private static ReadOnlySpan<byte> Mark => "CLSHMEM1"u8;

    /// <exception cref="InvalidDataException">The file is no segment.</exception>
    public static SegmentHeader Read(FileStream file)
    {
        Span<byte> bytes = stackalloc byte[Used];
        if (file.ReadAtLeast(bytes, Used, throwOnEndOfStream: false) < Used || !bytes.StartsWith(Mark))
        {
            throw new InvalidDataException($"{file.Name} is not shared memory of a cluster.");
        }

        var header = new SegmentHeader(new Guid(bytes[IdAt..SizeAt]), BinaryPrimitives.ReadInt64LittleEndian(bytes[SizeAt..]), Encoding.ASCII.GetString(bytes[OwnerAt..]).TrimEnd('\0'));
        return header.Size > 0 && file.Length == Length + header.Size
            ? header
            : throw new InvalidDataException($"{file.Name} says that it is shared memory of {header.Size} bytes, and has {file.Length - Length}.");
    }

    public void Write(FileStream file)
    {
        Span<byte> bytes = stackalloc byte[Used];
        Mark.CopyTo(bytes);
        Id.TryWriteBytes(bytes[IdAt..]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[SizeAt..], Size);
        Encoding.ASCII.GetBytes(Owner, bytes[OwnerAt..]);
        file.Write(bytes);
    }
}
