namespace Cluster.Coordinator.Objects.Dictionaries;

/// <summary>The entries of a dictionary by key, and in the order in which they were added, which is the same after a snapshot was restored.</summary>
internal sealed class DictTable
{
    private readonly Dictionary<DictKey, DictNode> _byKey = [];

    public int Count => _byKey.Count;

    public DictNode? First { get; private set; }

    public DictNode? Last { get; private set; }

    public DictNode? Find(DictKey key) => _byKey.GetValueOrDefault(key);

    public void Add(DictNode node)
    {
        _byKey.Add(node.Key, node);
        node.Previous = Last;
        if (Last is null)
        {
            First = node;
        }
        else
        {
            Last.Following = node;
        }

        Last = node;
    }

    public void Remove(DictNode node)
    {
        _byKey.Remove(node.Key);
        if (node.Previous is null)
        {
            First = node.Following;
        }
        else
        {
            node.Previous.Following = node.Following;
        }

        if (node.Following is null)
        {
            Last = node.Previous;
        }
        else
        {
            node.Following.Previous = node.Previous;
        }
    }

    public void Clear()
    {
        _byKey.Clear();
        First = null;
        Last = null;
    }
}
