using System.Text.Json;
using Cluster.Protocol.V1;

namespace Cluster.Cli.Output;

/// <summary>What <c>cluster dict</c> prints: lines of JSON, in which text stands as it is.</summary>
internal static class DictLine
{
    /// <summary>The value of an entry alone; <c>{"bytes": base64}</c> where it is neither text nor JSON.</summary>
    public static byte[] Value(DictItem item) => JsonLine.Make(json =>
    {
        if (item.Value is null)
        {
            json.WriteStartObject();
            json.WriteBase64String("bytes", item.Bytes.Span);
            json.WriteEndObject();
        }
        else
        {
            JsonLine.Write(json, item.Value);
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
            JsonLine.Write(json, key);
        }

        json.WriteNumber("revision", reply.Revision);
    });

    public static byte[] Written(DictSetReply reply) => MakeObject(json => json.WriteNumber("version", reply.Version));

    public static byte[] Deleted(DictDeleteReply reply) => MakeObject(json =>
    {
        json.WriteBoolean("deleted", reply.Deleted);
        json.WriteNumber("revision", reply.Revision);
    });

    private static byte[] MakeObject(Action<Utf8JsonWriter> write) => JsonLine.Make(json =>
    {
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    });

    private static void WriteItem(Utf8JsonWriter json, DictItem item)
    {
        json.WritePropertyName("key");
        JsonLine.Write(json, item.Key);
        if (item.Value is null)
        {
            json.WriteBase64String("bytes", item.Bytes.Span);
        }
        else
        {
            json.WritePropertyName("value");
            JsonLine.Write(json, item.Value);
        }
    }
}
