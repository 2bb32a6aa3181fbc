using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cluster.Protocol.Batches;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Cli.Output;

/// <summary>Writes a line of JSON, in which text stands as it is.</summary>
internal static class JsonLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    /// <summary>A value alone.</summary>
    public static byte[] Of(Value value) => Make(json => Write(json, value));

    /// <summary>Whatever is written.</summary>
    public static byte[] Make(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a value into a line.</summary>
    public static void Write(Utf8JsonWriter json, Value value) => ValueJson.Write(json, value, canonical: false);
}
