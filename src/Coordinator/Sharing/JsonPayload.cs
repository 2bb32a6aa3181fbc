using Cluster.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Coordinator.Sharing;

/// <summary>Values of ad-hoc callers: text is text, everything else is JSON.</summary>
internal static class JsonPayload
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default);

    /// <summary>As it is kept.</summary>
    /// <exception cref="InvalidOperationException">JSON cannot say it: a number that is not finite, or a value of no kind.</exception>
    public static Payload From(Value value) => value.KindCase == Value.KindOneofCase.StringValue
        ? new Payload { Format = Format.Utf8, Data = ByteString.CopyFromUtf8(value.StringValue) }
        : new Payload { Format = Format.Json, Data = CanonicalJson.Write(value) };

    /// <summary>As ad-hoc callers see it.</summary>
    /// <returns>Null: it is neither text nor JSON.</returns>
    public static Value? ToValue(Payload payload)
    {
        switch (payload.Format)
        {
            case Format.Utf8:
                return Value.ForString(payload.Data.ToStringUtf8());
            case Format.Json:
                try
                {
                    return Parser.Parse<Value>(payload.Data.ToStringUtf8());
                }
                catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidJsonException)
                {
                    // Nobody has checked it: shown as bytes, like all that is not JSON.
                    return null;
                }

            default:
                return null;
        }
    }

    /// <summary>An entry as ad-hoc callers see it.</summary>
    public static DictItem ToItem(Payload? key, Payload value, ulong version)
    {
        var shown = ToValue(value);
        return new DictItem { Key = key is null ? null : ToKey(key), Value = shown, Bytes = shown is null ? value.Data : ByteString.Empty, Version = version };
    }

    /// <summary>A key as ad-hoc callers see it: base64 where it is neither text nor JSON.</summary>
    public static Value ToKey(Payload key) => ToValue(key) ?? Value.ForString(key.Data.ToBase64());
}
