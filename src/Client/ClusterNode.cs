using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>A node that is attached to the cluster.</summary>
public sealed record ClusterNode
{
    /// <summary>Its name, unique among the attached nodes.</summary>
    public required string Name { get; init; }

    /// <summary>False while the node gets no new work: it is silent for longer than it should be, or drains.</summary>
    public bool IsReady { get; init; }

    /// <summary>Whether the node is to leave: it finishes or hands back what it has.</summary>
    public bool IsDraining { get; init; }

    /// <summary>Why it is to leave, for people, such as <c>told to end (SIGTERM)</c>; empty: it is not, or nobody said.</summary>
    public string DrainReason { get; init; } = "";

    /// <summary>How much longer what it runs may go on before it is handed back, as of the answer; null: it is not to leave, or nobody said.</summary>
    public TimeSpan? DrainLeft { get; init; }

    /// <summary>How many chunks it runs at once.</summary>
    public int Slots { get; init; }

    /// <summary>Chunks in its hands, waiting ones included.</summary>
    public int Chunks { get; init; }

    /// <summary>What <see cref="TaskOptions.Requires"/> is compared with.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Name of its machine.</summary>
    public string Host { get; init; } = "";

    /// <summary>Process id of its daemon.</summary>
    public int Pid { get; init; }

    /// <summary>Version of its software.</summary>
    public string Version { get; init; } = "";

    /// <summary>Such as <c>.NET 10.0</c>.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>When it attached.</summary>
    public DateTimeOffset AttachedAt { get; init; }

    /// <summary>Items that it has answered since then.</summary>
    public long Items { get; init; }

    /// <summary>How many of its slots are busy, as it told within the last second or so.</summary>
    public int Running { get; init; }

    /// <summary>Bytes of memory that its worker processes have together; 0 where it cannot tell.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Bytes of memory that they may have together; 0 where it cannot tell.</summary>
    public long MemoryLimitBytes { get; init; }

    internal static ClusterNode From(NodeInfo node) => new()
    {
        Name = node.Name,
        IsReady = node.State == NodeState.Ready,
        IsDraining = node.State == NodeState.Draining,
        DrainReason = node.DrainReason,
        DrainLeft = node.DrainLeft?.ToTimeSpan(),
        Slots = (int)node.Slots,
        Chunks = (int)node.Chunks,
        Labels = node.Labels.ToDictionary(StringComparer.Ordinal),
        Host = node.Host,
        Pid = node.Pid,
        Version = node.Version,
        Runtime = node.Runtime,
        AttachedAt = node.AttachedAt?.ToDateTimeOffset() ?? DateTimeOffset.MinValue,
        Items = (long)node.Items,
        Running = (int)node.Running,
        MemoryBytes = (long)node.MemoryBytes,
        MemoryLimitBytes = (long)node.MemoryLimitBytes,
    };
}
