using System.Text.Json;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Client.Objects.Values;

/// <summary>
/// Writes and reads the values of shared objects: text as UTF-8, byte arrays as they are, messages as Protocol Buffers, everything else as JSON, which
/// people and other languages can read; where that is text, text is read too. Values are written when the call is made: what cannot travel fails there.
/// </summary>
internal static class ValueCodec<T>
{
    private static readonly Payload Null = new() { Format = Format.Json, Data = ByteString.CopyFromUtf8("null") };

    private static readonly ItemCodec<T> Codec = Choose();
    private static readonly ItemCodec<T> Json = ItemCodec.For<T>(Format.Json);

    /// <summary>For people: what the values are.</summary>
    public static string TypeName { get; } = typeof(T).ToString();

    /// <exception cref="ClusterException">The value has no form that travels.</exception>
    public static Payload Encode(T value)
    {
        if (value is null)
        {
            return Null;
        }

        try
        {
            return new Payload { Format = Codec.Format, Data = UnsafeByteOperations.UnsafeWrap(Codec.ToBytes(value)) };
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException or ArgumentException)
        {
            throw new ClusterException($"A {typeof(T)} cannot be put into a shared object: {exception.Message}", isTransient: false, exception);
        }
    }

    /// <exception cref="ClusterException">What is there is no such value.</exception>
    public static T Decode(Payload payload)
    {
        try
        {
            return payload.Format == Codec.Format ? Codec.FromBytes(payload.Data.Span)
                : payload.Format == Format.Json ? Json.FromBytes(payload.Data.Span)
                : payload.Format == Format.Utf8 ? Json.FromBytes(JsonSerializer.SerializeToUtf8Bytes(payload.Data.ToStringUtf8(), ItemJson.Options))
                : throw new NotSupportedException($"it was stored as {payload.Format}, and a {typeof(T)} is stored as {Codec.Format} or Json.");
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException or FormatException or ArgumentException or InvalidProtocolBufferException)
        {
            throw new ClusterException($"What is in a shared object cannot be read as {typeof(T)}: {exception.Message}", isTransient: false, exception);
        }
    }

    private static ItemCodec<T> Choose() => ItemCodec.FormatOf(typeof(T), out var whyNot) switch
    {
        Format.Unspecified => throw new NotSupportedException(whyNot),

        // The memory of a value says nothing to another language, and the coordinator counts in JSON numbers.
        Format.Raw => ItemCodec.For<T>(Format.Json),
        _ => ItemCodec.For<T>(),
    };
}
