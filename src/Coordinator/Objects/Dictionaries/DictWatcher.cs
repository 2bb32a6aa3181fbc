using Cluster.Coordinator.Objects.Sessions;

namespace Cluster.Coordinator.Objects.Dictionaries;

/// <summary>A session that is told of a dictionary's changes, as replies to the request with this number.</summary>
internal sealed record DictWatcher(DictObject Owner, ObjectSession Session, ulong Number);
