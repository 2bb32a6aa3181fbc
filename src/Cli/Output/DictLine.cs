using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Cli.Output;

/// <summary>What <c>cluster dict</c> prints: lines of JSON, in which text stands as it is.</summary>
internal static class DictLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    /// <summary>The value of an entry alone; <c>{"bytes": base64}</c> where it is neither text nor JSON.</summary>
    public static byte[] Value(DictItem item) => Make(json =>
    {
        if (item.Value is null)
        {
            json.WriteStartObject();
            json.WriteBase64String("bytes", item.Bytes.Span);
            json.WriteEndObject();
        }
        else
        {
            Write(json, item.Value);
        }
    });

    public static byte[] Entry(DictItem item) => MakeObject(json =>
    {
        WriteItem(json, item);
        json.WriteNumber("version", item.Version);
    });

    public static byte[] Change(DictWatchReply reply) => MakeObject(json =>
    {
        json.WriteString("event", reply.EventCase.ToString().ToLowerInvariant());
        if (reply.Set is { } set)
        {
            WriteItem(json, set);
        }
        else if (reply.Deleted is { } key)
        {
            json.WritePropertyName("key");
            Write(json, key);
        }

        json.WriteNumber("revision", reply.Revision);
    });

    public static byte[] Written(DictSetReply reply) => MakeObject(json => json.WriteNumber("version", reply.Version));

    public static byte[] Deleted(DictDeleteReply reply) => MakeObject(json =>
    {
        json.WriteBoolean("deleted", reply.Deleted);
        json.WriteNumber("revision", reply.Revision);
    });

    private static byte[] MakeObject(Action<Utf8JsonWriter> write) => Make(json =>
    {
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    });

    private static byte[] Make(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteItem(Utf8JsonWriter json, DictItem item)
    {
        json.WritePropertyName("key");
        Write(json, item.Key);
        if (item.Value is null)
        {
            json.WriteBase64String("bytes", item.Bytes.Span);
        }
        else
        {
            json.WritePropertyName("value");
            Write(json, item.Value);
        }
    }

    private static void Write(Utf8JsonWriter json, Value value) => ValueJson.Write(json, value, canonical: false);
}
