using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Dictionaries;

/// <summary>An entry of a dictionary, between those that were added before and after it. It is due when its time to live is over.</summary>
internal sealed class DictNode(DictObject owner, DictKey key) : Due
{
    public DictObject Owner { get; } = owner;

    public DictKey Key { get; } = key;

    public Payload Value { get; set; } = null!;

    /// <summary>The revision that wrote it.</summary>
    public ulong Version { get; set; }

    public DictNode? Previous { get; set; }

    public DictNode? Following { get; set; }
}
