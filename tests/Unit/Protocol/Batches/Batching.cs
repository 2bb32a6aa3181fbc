using Cluster.Protocol;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Unit.Protocol.Batches;

/// <summary>What the tests of batches do again and again: write items, read them back.</summary>
internal static class Batching
{
    public static List<Batch> Write<T>(IEnumerable<T> items, int maxPayloadBytes = Limits.MaxPayloadBytes, ulong first = 0)
    {
        var builder = new BatchBuilder<T>(ItemCodec.For<T>(), maxPayloadBytes: maxPayloadBytes);
        foreach (var item in items)
        {
            builder.Add(first++, item);
        }

        return [.. builder.TakeAll()];
    }

    public static List<T> Read<T>(IEnumerable<Batch> batches) => [.. ReadIndexed<T>(batches).Select(read => read.Item)];

    public static List<(ulong Index, T Item)> ReadIndexed<T>(IEnumerable<Batch> batches)
    {
        var reader = new BatchReader<T>(ItemCodec.For<T>());
        List<(ulong, T)> items = [];
        foreach (var batch in batches)
        {
            // As it comes off the wire, so that nothing depends on how a builder laid it out.
            reader.Open(Batch.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(batch)));
            while (reader.TryRead(out var index, out var item))
            {
                items.Add((index, item));
            }
        }

        return items;
    }
}
