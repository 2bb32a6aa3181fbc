using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>A shared object that the coordinator has, as it was when it was listed.</summary>
public sealed record SharedObjectInfo
{
    /// <summary>Its id: never given to another.</summary>
    public required long Id { get; init; }

    /// <summary>Its name; empty: it is anonymous.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required SharedObjectKind Kind { get; init; }

    /// <summary>Entries, items, values or cells; of a lock its holders, of a semaphore the free permits, of a barrier those who wait.</summary>
    public long Count { get; init; }

    /// <summary>How many references sessions have.</summary>
    public long References { get; init; }

    /// <summary>How many requests wait for it.</summary>
    public long Waiting { get; init; }

    /// <summary>How many watches are told of its changes; a node that watches for its workers counts once.</summary>
    public long Watches { get; init; }

    /// <summary>The type of its keys in the program that made it; empty: not said, or none.</summary>
    public string KeyType { get; init; } = "";

    /// <summary>The same for its values.</summary>
    public string ValueType { get; init; } = "";

    internal static SharedObjectInfo From(ObjectDescription description) => new()
    {
        Id = (long)description.Object,
        Name = description.Name,
        Kind = Enum.IsDefined((SharedObjectKind)description.Kind) ? (SharedObjectKind)description.Kind : SharedObjectKind.Unknown,
        Count = (long)description.Count,
        References = (long)description.References,
        Waiting = (long)description.Waiting,
        Watches = (long)description.Watches,
        KeyType = description.KeyType,
        ValueType = description.ValueType,
    };
}
