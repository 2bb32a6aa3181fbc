namespace Cluster.Coordinator.Scheduling;

/// <summary>Which nodes may run something: by labels, perhaps by name as well, and with exceptions.</summary>
internal sealed class NodeCriteria
{
    private readonly string? _name;
    private readonly KeyValuePair<string, string>[] _labels;
    private readonly NodeId[] _barred;
    private readonly bool _forProcesses;

    /// <summary>Criteria of a job.</summary>
    /// <param name="labels">Labels that a node must have.</param>
    /// <param name="name">The only node; null: any.</param>
    /// <param name="forProcesses">It must be one for processes. Otherwise it must not.</param>
    public NodeCriteria(IReadOnlyDictionary<string, string> labels, string? name = null, bool forProcesses = false)
        : this([.. labels.OrderBy(label => label.Key, StringComparer.Ordinal)], name, [], forProcesses)
    {
    }

    private NodeCriteria(KeyValuePair<string, string>[] labels, string? name, NodeId[] barred, bool forProcesses)
    {
        _name = name;
        _labels = labels;
        _barred = barred;
        _forProcesses = forProcesses;
        string required = string.Concat(labels.Select(label => $"{label.Key.Length}:{label.Key}={label.Value.Length}:{label.Value};"));
        Key = required + string.Concat(barred.Select(id => $"!{id.Value};")) + (name is null ? "" : "@" + name) + (forProcesses ? "&" : "");
    }

    /// <summary>Equal for equal criteria.</summary>
    public string Key { get; }

    /// <summary>Whether one node at most qualifies.</summary>
    public bool IsOneNode => _name is not null;

    /// <summary>Nodes that do not qualify though they meet the rest.</summary>
    public IReadOnlyList<NodeId> Barred => _barred;

    /// <summary>The same without some nodes; those that were barred before are not unless they are named again.</summary>
    public NodeCriteria Without(IEnumerable<NodeId> barred) => new(_labels, _name, [.. barred.OrderBy(id => id.Value)], _forProcesses);

    /// <summary>Whether a node qualifies.</summary>
    public bool Accept(NodeId id, NodeTerms node)
    {
        if ((_name is not null && _name != node.Name) || _forProcesses != node.ForProcesses || _barred.Contains(id))
        {
            return false;
        }

        foreach ((string key, string value) in _labels)
        {
            if (!node.Labels.TryGetValue(key, out string? actual) || actual != value)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Says that nobody qualifies, for people.</summary>
    /// <param name="attached">How many nodes are attached at all.</param>
    public string DescribeAbsence(int attached)
    {
        string labels = string.Join(", ", _labels.Select(label => $"{label.Key}={label.Value}"));
        return (_name, labels, attached) switch
        {
            (not null, _, _) => $"node {_name} is not attached",
            (_, _, 0) => "no node attached",
            _ when _barred.Length > 0 => $"no node is left that could load the function (of {attached} attached)",
            (_, "", _) => "no node attached",
            _ => $"no node has the labels {labels} (of {attached} attached)",
        };
    }
}
