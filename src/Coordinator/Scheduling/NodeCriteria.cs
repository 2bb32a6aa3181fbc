namespace Cluster.Coordinator.Scheduling;

/// <summary>Which nodes may run something: by labels, or by name as well.</summary>
internal sealed class NodeCriteria
{
    private readonly string? _name;
    private readonly KeyValuePair<string, string>[] _labels;

    /// <summary>Criteria of a job.</summary>
    /// <param name="labels">Labels that a node must have.</param>
    /// <param name="name">The only node; null: any.</param>
    public NodeCriteria(IReadOnlyDictionary<string, string> labels, string? name = null)
    {
        _name = name;
        _labels = [.. labels.OrderBy(label => label.Key, StringComparer.Ordinal)];
        Key = string.Concat(_labels.Select(label => $"{label.Key.Length}:{label.Key}={label.Value.Length}:{label.Value};")) + name;
    }

    /// <summary>Equal for equal criteria.</summary>
    public string Key { get; }

    /// <summary>Whether a node qualifies.</summary>
    public bool Accept(NodeTerms node)
    {
        if (_name is not null && _name != node.Name)
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
            (_, "", _) => "no node attached",
            _ => $"no node has the labels {labels} (of {attached} attached)",
        };
    }
}
