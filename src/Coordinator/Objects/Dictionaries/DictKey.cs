using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Dictionaries;

/// <summary>A key: equal to others of the same format and bytes. Its hash is computed once.</summary>
internal readonly struct DictKey : IEquatable<DictKey>
{
    private readonly int _hash;

    public DictKey(Payload payload)
    {
        Payload = payload;
        // Seeded anew in each process: nobody can prepare keys that collide. Nothing depends on its order.
        var hash = new HashCode();
        hash.AddBytes(payload.Data.Span);
        hash.Add((int)payload.Format);
        _hash = hash.ToHashCode();
    }

    public Payload Payload { get; }

    public bool Equals(DictKey other) =>
        _hash == other._hash && Payload.Format == other.Payload.Format && Payload.Data.Span.SequenceEqual(other.Payload.Data.Span);

    public override bool Equals(object? obj) => obj is DictKey other && Equals(other);

    public override int GetHashCode() => _hash;
}
