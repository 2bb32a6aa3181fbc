using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Unit.Coordinator.Objects;

/// <summary>Values for tests.</summary>
internal static class Text
{
    public static Payload Of(string text) => new() { Format = Format.Utf8, Data = ByteString.CopyFromUtf8(text) };

    public static Payload Json(string json) => new() { Format = Format.Json, Data = ByteString.CopyFromUtf8(json) };

    public static Payload Int(int number) => new() { Format = Format.Raw, Data = ByteString.CopyFrom(BitConverter.GetBytes(number)) };

    public static int ToInt(this Payload value) => BitConverter.ToInt32(value.Data.Span);

    public static string Read(this Payload? value) => value is null ? "nothing" : value.Data.ToStringUtf8();

    public static string Read(this IEnumerable<Payload> values) => string.Join(' ', values.Select(value => value.Read()));
}
