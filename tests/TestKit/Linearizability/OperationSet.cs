namespace Cluster.TestKit.Linearizability;

/// <summary>An immutable set of operations, by their numbers.</summary>
internal sealed class OperationSet : IEquatable<OperationSet>
{
    private readonly ulong[] _bits;

    public OperationSet(int count) => _bits = new ulong[(count + 63) / 64];

    private OperationSet(ulong[] bits) => _bits = bits;

    public OperationSet With(int number)
    {
        var bits = (ulong[])_bits.Clone();
        bits[number / 64] |= 1UL << (number % 64);
        return new OperationSet(bits);
    }

    public bool Equals(OperationSet? other) => other is not null && _bits.AsSpan().SequenceEqual(other._bits);

    public override bool Equals(object? obj) => Equals(obj as OperationSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var word in _bits)
        {
            hash.Add(word);
        }

        return hash.ToHashCode();
    }
}
