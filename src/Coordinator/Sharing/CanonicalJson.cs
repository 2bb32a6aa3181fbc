using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cluster.Protocol.Batches;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Coordinator.Sharing;

/// <summary>
/// Writes values of ad-hoc callers as the SDK writes its own: keys are compared byte by byte.
/// </summary>
internal static class CanonicalJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <exception cref="InvalidOperationException">JSON cannot say it: a number that is not finite, or a value of no kind.</exception>
    public static ByteString Write(Value value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            ValueJson.Write(json, value, canonical: true);
        }

        return ByteString.CopyFrom(buffer.WrittenSpan);
    }
}
