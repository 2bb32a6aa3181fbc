using System.Runtime.InteropServices;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.TestKit.Coordinator;

/// <summary>Batches of 64-bit integers, whose item i is i unless a test says otherwise.</summary>
public static class RawBatches
{
    /// <summary>Items <paramref name="first"/> and following.</summary>
    public static Batch Of(ulong first, int count)
    {
        var values = new long[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (long)first + i;
        }

        return Of(first, values);
    }

    /// <summary>Items with these values.</summary>
    public static Batch Of(ulong first, params long[] values) => new()
    {
        First = first,
        Count = (uint)values.Length,
        Format = Format.Raw,
        Stride = sizeof(long),
        Payload = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())),
    };

    /// <summary>The items of a batch.</summary>
    public static long[] Read(Batch batch) => MemoryMarshal.Cast<byte, long>(batch.Payload.Span).ToArray();

    /// <summary>The values squared, as a worker that runs <c>x => x * x</c> would answer.</summary>
    public static Batch Square(Batch batch) => Of(batch.First, Array.ConvertAll(Read(batch), value => value * value));
}
