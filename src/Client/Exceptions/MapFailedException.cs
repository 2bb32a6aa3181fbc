namespace Cluster.Client;

/// <summary>
/// Items of a map with <see cref="OnError.Collect"/> failed, after all items had run. <see cref="Outcomes"/> has every item, results
/// included; <see cref="Exception.InnerException"/> is the failure with the lowest index.
/// </summary>
public sealed class MapFailedException : ClusterException
{
    internal MapFailedException(string message, IReadOnlyList<ItemOutcome<object?>> outcomes, IReadOnlyList<Exception> failures)
        : base(message, failures.All(failure => failure is ClusterException { IsTransient: true } or TaskTimeoutException { IsTransient: true }), failures[0])
    {
        Outcomes = outcomes;
        InnerExceptions = failures;
    }

    /// <summary>What became of each item, in the order of the input. Of <c>ForEachAsync</c>, which has no results, the failures only.</summary>
    public IReadOnlyList<ItemOutcome<object?>> Outcomes { get; }

    /// <summary>The failures, in the order of the input.</summary>
    public IReadOnlyList<Exception> InnerExceptions { get; }
}
