using System.Collections.Immutable;

namespace Cluster.Functional.Sharing;

/// <summary>What is in a queue.</summary>
internal sealed class QueueState(ImmutableArray<int> items) : IEquatable<QueueState>
{
    public ImmutableArray<int> Items => items;

    public bool Equals(QueueState? other) => other is not null && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

    public override string ToString() => $"[{string.Join(' ', Items)}]";

    public override bool Equals(object? obj) => Equals(obj as QueueState);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in Items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }
}
