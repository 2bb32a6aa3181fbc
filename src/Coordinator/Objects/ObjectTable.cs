using Cluster.Coordinator.Objects.Dictionaries;

namespace Cluster.Coordinator.Objects;

/// <summary>All objects.</summary>
internal sealed class ObjectTable
{
    private readonly Dictionary<ulong, SharedObject> _byId = [];
    private readonly Dictionary<string, SharedObject> _byName = [];
    private readonly Dictionary<string, SharedObject> _byKey = [];
    private readonly Dictionary<string, List<DictWatcher>> _awaited = [];

    /// <summary>The id of the latest object.</summary>
    public ulong Last { get; set; }

    public int Count => _byId.Count;

    public IEnumerable<SharedObject> All => _byId.Values;

    /// <summary>By id.</summary>
    public IEnumerable<SharedObject> InOrder => _byId.Values.OrderBy(target => target.Id);

    public SharedObject? Find(ulong id) => _byId.GetValueOrDefault(id);

    public SharedObject? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The anonymous object of a key.</summary>
    public SharedObject? FindKey(string key) => _byKey.GetValueOrDefault(key);

    public void Add(SharedObject target)
    {
        _byId.Add(target.Id, target);
        target.ChargeObject();
        if (target.Created.Key.Length > 0)
        {
            _byKey.Add(target.Created.Key, target);
        }

        if (!target.IsAnonymous)
        {
            _byName.Add(target.Name, target);
        }
    }

    /// <summary>Remembers who waits for a dictionary that does not exist.</summary>
    public void Await(DictWatcher watcher)
    {
        if (!_awaited.TryGetValue(watcher.Name, out var waiting))
        {
            _awaited.Add(watcher.Name, waiting = []);
        }

        waiting.Add(watcher);
    }

    /// <summary>Takes those who wait for an object of a name.</summary>
    public IReadOnlyList<DictWatcher> TakeAwaiting(string name) => _awaited.Remove(name, out var waiting) ? waiting : [];

    /// <summary>A watcher is told no more.</summary>
    public void Unwatch(DictWatcher watcher)
    {
        if (watcher.Owner is { } owner)
        {
            owner.RemoveWatcher(watcher);
        }
        else if (_awaited.TryGetValue(watcher.Name, out var waiting) && waiting.Remove(watcher) && waiting.Count == 0)
        {
            _awaited.Remove(watcher.Name);
        }
    }

    public void Remove(SharedObject target)
    {
        _byId.Remove(target.Id);
        _byKey.Remove(target.Created.Key);
        if (!target.IsAnonymous)
        {
            _byName.Remove(target.Name);
        }
    }
}
