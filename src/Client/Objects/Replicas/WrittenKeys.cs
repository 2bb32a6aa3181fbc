using Cluster.Client.Objects.Values;

namespace Cluster.Client.Objects.Replicas;

/// <summary>
/// Keys are the same if they are written the same: that is how the coordinator sees them. Where equality in .NET means something else (arrays, lists, numbers with a
/// fraction, whatever has an equality of its own) they are written to be compared.
/// </summary>
internal sealed class WrittenKeys<TKey> : IEqualityComparer<TKey>
    where TKey : notnull
{
    /// <summary>What to compare keys by; null: equality means the same.</summary>
    public static IEqualityComparer<TKey>? Comparer { get; } = IsPlain(typeof(TKey)) ? null : new WrittenKeys<TKey>();

    /// <inheritdoc/>
    public bool Equals(TKey? x, TKey? y) => ReferenceEquals(x, y) || (x is not null && y is not null && KeyCodec<TKey>.Encode(x).Equals(KeyCodec<TKey>.Encode(y)));

    /// <inheritdoc/>
    public int GetHashCode(TKey obj)
    {
        // Nobody can prepare keys that collide: it is seeded anew in each process.
        var hash = default(HashCode);
        hash.AddBytes(KeyCodec<TKey>.Encode(obj).Data.Span);
        return hash.ToHashCode();
    }

    private static bool IsPlain(Type type) =>
        type.IsEnum || type == typeof(Guid)
        || Type.GetTypeCode(type) is TypeCode.String or TypeCode.Boolean or TypeCode.Char
            or TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 or TypeCode.UInt32 or TypeCode.Int64 or TypeCode.UInt64;
}
