namespace Cluster.Client;

/// <summary>Which submitted jobs are wanted. Immutable. What is not said does not count.</summary>
public sealed record JobFilter
{
    /// <summary>Only jobs in this state. Default (null): in any.</summary>
    public ClusterJobState? State { get; init; }

    /// <summary>Only jobs whose name begins like this. Default: any.</summary>
    public string NamePrefix { get; init; } = "";

    /// <summary>Only jobs that have all of these labels (<see cref="JobOptions.Labels"/>). Default (null): any.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
