using Cluster.Coordinator.Objects.Sessions;

namespace Cluster.Coordinator.Objects.Dictionaries;

/// <summary>A session that is told of a dictionary's changes, as replies to the request with this number.</summary>
internal sealed class DictWatcher(ObjectSession session, ulong number)
{
    public ObjectSession Session { get; } = session;

    public ulong Number { get; } = number;

    /// <summary>The dictionary; null: there is none of the name yet.</summary>
    public DictObject? Owner { get; set; }

    /// <summary>Where there is none yet: the name that it will have.</summary>
    public string Name { get; init; } = "";
}
