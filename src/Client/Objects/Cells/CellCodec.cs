using Cluster.Client.Objects.Values;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Client.Objects.Cells;

/// <summary>Writes and reads the cells of values and arrays: numbers as such, so that the coordinator can add to them, everything else as in other objects.</summary>
internal static class CellCodec<T>
{
    /// <summary>Which number it is; unspecified: none.</summary>
    public static NumericType Numeric { get; } = Type.GetTypeCode(typeof(T)) switch
    {
        _ when typeof(T).IsEnum => NumericType.Unspecified,
        TypeCode.SByte => NumericType.Int8,
        TypeCode.Byte => NumericType.Uint8,
        TypeCode.Int16 => NumericType.Int16,
        TypeCode.UInt16 => NumericType.Uint16,
        TypeCode.Int32 => NumericType.Int32,
        TypeCode.UInt32 => NumericType.Uint32,
        TypeCode.Int64 => NumericType.Int64,
        TypeCode.UInt64 => NumericType.Uint64,
        TypeCode.Single => NumericType.Float32,
        TypeCode.Double => NumericType.Float64,
        _ => NumericType.Unspecified,
    };

    private static readonly ItemCodec<T>? Raw = Numeric == NumericType.Unspecified ? null : ItemCodec.For<T>(Format.Raw);

    public static Payload Encode(T value) => Raw is null
        ? ValueCodec<T>.Encode(value)
        : new Payload { Format = Format.Raw, Data = UnsafeByteOperations.UnsafeWrap(Raw.ToBytes(value)) };

    public static T Decode(Payload payload) => Raw is null ? ValueCodec<T>.Decode(payload) : Raw.FromBytes(payload.Data.Span);

    /// <summary>Several cells: numbers back to back, others one by one.</summary>
    public static IEnumerable<Payload> EncodeMany(IEnumerable<T> values) => Raw is null
        ? values.Select(ValueCodec<T>.Encode)
        : [new Payload { Format = Format.Raw, Data = UnsafeByteOperations.UnsafeWrap(Raw.ToBytes(values.ToArray().AsSpan())) }];

    /// <summary>The reverse.</summary>
    public static IEnumerable<T> DecodeMany(IEnumerable<Payload> payloads) => Raw is null
        ? payloads.Select(ValueCodec<T>.Decode)
        : payloads.SelectMany(static payload => Raw.ManyFromBytes(payload.Data.Span));
}
