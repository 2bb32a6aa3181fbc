using System.Runtime.InteropServices;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects;

/// <summary>What to send because of an entry, in this order.</summary>
internal sealed class ObjectOutput
{
    private readonly List<Delivery> _deliveries = [];

    /// <summary>The replies, and to which sessions they go. Replies share their contents with the state and with each other: nobody may change them.</summary>
    public ReadOnlySpan<Delivery> Deliveries => CollectionsMarshal.AsSpan(_deliveries);

    /// <summary>Adds a reply.</summary>
    public void Add(ulong session, ObjectReply reply) => _deliveries.Add(new Delivery(session, reply));

    /// <summary>Forgets them all.</summary>
    public void Clear() => _deliveries.Clear();

    /// <summary>A reply and the session that it is for.</summary>
    internal readonly record struct Delivery(ulong Session, ObjectReply Reply);
}
