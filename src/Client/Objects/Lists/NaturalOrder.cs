using System.Collections;

namespace Cluster.Client.Objects.Lists;

/// <summary>How values are sorted unless somebody says otherwise: as they compare themselves, but text by code points, on its own and within tuples.</summary>
internal sealed class NaturalOrder<T> : IComparer<T>, IComparer
{
    // The UTF-16 units of code points beyond U+FFFF are below those of U+E000 to U+FFFF, which come first.
    private const int SurrogateShift = 0x2000;
    private const int LastRange = 0x800;

    public static NaturalOrder<T> Comparer { get; } = new();

    /// <inheritdoc/>
    public int Compare(T? x, T? y) => typeof(T) == typeof(string) || typeof(IStructuralComparable).IsAssignableFrom(typeof(T))
        ? ((IComparer)this).Compare(x, y)
        : Comparer<T>.Default.Compare(x, y);

    /// <inheritdoc/>
    int IComparer.Compare(object? x, object? y) => (x, y) switch
    {
        (string one, string other) => Compare(one, other),
        (IStructuralComparable one, not null) => one.CompareTo(y, this),
        _ => System.Collections.Comparer.Default.Compare(x, y),
    };

    private static int Compare(string one, string other)
    {
        var same = one.AsSpan().CommonPrefixLength(other);
        return same == one.Length || same == other.Length ? one.Length.CompareTo(other.Length) : Rank(one[same]).CompareTo(Rank(other[same]));
    }

    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + SurrogateShift : unit >= '\ue000' ? unit - LastRange : unit;
}
