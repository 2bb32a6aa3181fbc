using System.Buffers;
using System.Text.Json;

namespace Cluster.Protocol.Batches;

/// <summary>
/// One JSON writer per thread, so that small documents do not pay for one each. It is taken out while in use: code that runs inside a
/// serialization (a property, a converter) may serialize on its own.
/// </summary>
internal static class JsonWriterCache
{
    private static readonly ArrayBufferWriter<byte> Nowhere = new(1);

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public static Utf8JsonWriter Take(IBufferWriter<byte> output)
    {
        if (_writer is not { } writer)
        {
            return new Utf8JsonWriter(output, ItemJson.WriterOptions);
        }

        _writer = null;
        writer.Reset(output);
        return writer;
    }

    /// <summary>Hands back a writer that has written everything. One whose serialization failed is not handed back.</summary>
    public static void Return(Utf8JsonWriter writer)
    {
        // Let go of the buffers of the builder that it wrote to.
        writer.Reset(Nowhere);
        _writer = writer;
    }
}
