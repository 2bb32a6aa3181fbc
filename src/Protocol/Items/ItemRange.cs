namespace Cluster.Protocol.Items;

/// <summary>Consecutive items of a job.</summary>
/// <param name="First">Index of the first item.</param>
/// <param name="Count">How many items.</param>
public readonly record struct ItemRange(ulong First, ulong Count)
{
    /// <summary>Index behind the last item.</summary>
    public ulong End => First + Count;

    /// <summary>The items from <paramref name="first"/> up to, not including, <paramref name="end"/>; empty when there are none.</summary>
    public static ItemRange Between(ulong first, ulong end) => new(first, end > first ? end - first : 0);

    /// <summary>The items that both ranges have.</summary>
    public ItemRange Intersect(ItemRange other) => Between(Math.Max(First, other.First), Math.Min(End, other.End));

    /// <inheritdoc/>
    public override string ToString() => Count == 1 ? $"item {First}" : $"items {First}..{First + Count - 1}";
}
