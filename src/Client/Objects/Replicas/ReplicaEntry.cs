using Cluster.Client.Objects.Values;
using Cluster.Protocol.V1;

namespace Cluster.Client.Objects.Replicas;

/// <summary>An entry of a replica, and others whose keys have the same hash. Its value is read from its bytes when somebody first asks, and once.</summary>
internal sealed class ReplicaEntry<TKey, TValue>
{
    private Payload? _payload;
    private TValue _value = default!;

    public ReplicaEntry(TKey key, int hash, Payload? payload)
    {
        (Key, Hash) = (key, hash);
        _payload = payload ?? new Payload();
    }

    public TKey Key { get; }

    public int Hash { get; }

    /// <summary>Another one with this hash. Set before others see this one.</summary>
    public ReplicaEntry<TKey, TValue>? Next { get; private init; }

    /// <exception cref="ClusterException">What is there is no such value.</exception>
    public TValue Value => Volatile.Read(ref _payload) is null ? _value : Read();

    /// <summary>The entry of a key among those with this hash.</summary>
    public ReplicaEntry<TKey, TValue>? Find(TKey key, IEqualityComparer<TKey> comparer)
    {
        for (var entry = this; entry is not null; entry = entry.Next)
        {
            if (comparer.Equals(entry.Key, key))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>This one, and others behind it.</summary>
    public ReplicaEntry<TKey, TValue> Before(ReplicaEntry<TKey, TValue>? next) =>
        Next == next ? this : new ReplicaEntry<TKey, TValue>(this) { Next = next };

    /// <summary>Those with this hash, without a key.</summary>
    public ReplicaEntry<TKey, TValue>? Without(TKey key, IEqualityComparer<TKey> comparer) =>
        comparer.Equals(Key, key) ? Next : Before(Next?.Without(key, comparer));

    private ReplicaEntry(ReplicaEntry<TKey, TValue> original)
    {
        (Key, Hash) = (original.Key, original.Hash);
        _payload = Volatile.Read(ref original._payload);
        _value = _payload is null ? original._value : default!;
    }

    private TValue Read()
    {
        // Its own message's: nobody else can hold it.
        var payload = _payload;
        if (payload is null)
        {
            return _value;
        }

        lock (payload)
        {
            if (_payload is not null)
            {
                _value = ValueCodec<TValue>.Decode(payload);
                Volatile.Write(ref _payload, null);
            }

            return _value;
        }
    }
}
