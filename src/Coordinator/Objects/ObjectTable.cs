namespace Cluster.Coordinator.Objects;

/// <summary>All objects.</summary>
internal sealed class ObjectTable
{
    private readonly Dictionary<ulong, SharedObject> _byId = [];
    private readonly Dictionary<string, SharedObject> _byName = [];
    private readonly Dictionary<string, SharedObject> _byKey = [];

    /// <summary>The id of the latest object.</summary>
    public ulong Last { get; set; }

    public int Count => _byId.Count;

    /// <summary>By id.</summary>
    public IEnumerable<SharedObject> InOrder => _byId.Values.OrderBy(target => target.Id);

    public SharedObject? Find(ulong id) => _byId.GetValueOrDefault(id);

    public SharedObject? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The anonymous object of a key.</summary>
    public SharedObject? FindKey(string key) => _byKey.GetValueOrDefault(key);

    public void Add(SharedObject target)
    {
        _byId.Add(target.Id, target);
        if (target.Created.Key.Length > 0)
        {
            _byKey.Add(target.Created.Key, target);
        }

        if (!target.IsAnonymous)
        {
            _byName.Add(target.Name, target);
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
