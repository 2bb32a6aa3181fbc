using System.Text.Json;
using Cluster.Protocol.V1;

namespace Cluster.Protocol.Batches;

/// <summary>Picks the codec of a type. Caller and worker pick alone and must agree, so the choice follows from the type and nothing else.</summary>
public static class ItemCodec
{
    /// <summary>
    /// The codec that both ends choose for <typeparamref name="T"/>: memory copies for unmanaged values, bytes for byte arrays, UTF-8 for
    /// strings, Protocol Buffers for messages, JSON for everything else.
    /// </summary>
    /// <param name="json">How JSON is read and written; null: <see cref="ItemJson.Options"/>.</param>
    /// <exception cref="NotSupportedException">Values of the type mean nothing in another process; the message says why.</exception>
    public static ItemCodec<T> For<T>(JsonSerializerOptions? json = null)
    {
        if (FormatChoice.WhyNot(typeof(T)) is { } reason)
        {
            throw new NotSupportedException(reason);
        }

        return Create<T>(FormatChoice.Of(typeof(T)), json);
    }

    /// <summary>
    /// The codec for <typeparamref name="T"/> in a format that the other end has chosen. Every type can be read from JSON, which is what
    /// callers without the SDK send; other formats must be the type's own.
    /// </summary>
    /// <param name="format">The format that a job's spec names.</param>
    /// <param name="json">How JSON is read and written; null: <see cref="ItemJson.Options"/>.</param>
    /// <exception cref="NotSupportedException">The type does not travel in that format; the message names both.</exception>
    public static ItemCodec<T> For<T>(Format format, JsonSerializerOptions? json = null)
    {
        if (format == Format.Json)
        {
            return Create<T>(Format.Json, json);
        }

        var codec = For<T>(json);
        return codec.Format == format
            ? codec
            : throw new NotSupportedException(
                $"{typeof(T)} travels as {codec.Format} or Json, not as {format}. Send it in one of these formats.");
    }

    /// <summary>The format that <see cref="For{T}(JsonSerializerOptions?)"/> picks, for callers that know a type at run time only.</summary>
    /// <param name="type">Any type.</param>
    /// <param name="whyNot">Why values of the type mean nothing in another process; null if they do.</param>
    /// <returns>The format, where there is one.</returns>
    public static Format FormatOf(Type type, out string? whyNot)
    {
        whyNot = FormatChoice.WhyNot(type);
        return whyNot is null ? FormatChoice.Of(type) : Format.Unspecified;
    }

    private static ItemCodec<T> Create<T>(Format format, JsonSerializerOptions? json) => format switch
    {
        Format.Json => new JsonCodec<T>(json ?? ItemJson.Options),
        Format.Raw => RawCodec<T>.Instance,
        Format.Utf8 => (ItemCodec<T>)(object)Utf8Codec.Instance,
        Format.Proto => (ItemCodec<T>)Activator.CreateInstance(typeof(ProtoCodec<>).MakeGenericType(typeof(T)))!,
        Format.Bytes => (ItemCodec<T>)BytesCodecs.For(typeof(T)),
        _ => throw new NotSupportedException($"There is no format {format}."),
    };
}
