namespace Cluster.Client;

/// <summary>How to run tasks. Immutable; use <c>with</c> to vary it. The defaults suit nearly everything.</summary>
public record TaskOptions
{
    internal static readonly TaskOptions Default = new();

    /// <summary>
    /// Share of the cluster relative to other jobs: each step doubles it, each step below 0 halves it. From -10 to 10; default 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside -10 to 10.</exception>
    public int Priority
    {
        get;
        init => field = OptionCheck.Between(value, -10, 10, nameof(Priority));
    }

    /// <summary>Only nodes whose labels contain all of these run the tasks. Default: any node.</summary>
    public IReadOnlyDictionary<string, string>? Requires { get; init; }

    /// <summary>For people: shown in lists and logs. Default: the function's name.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Gets the lines that the function writes to stdout and stderr. Default (null): they go to this program's
    /// <see cref="Console.Out"/> and <see cref="Console.Error"/>, as those of <c>multiprocessing</c> do. Called for one line
    /// at a time, but by each job on its own: a handler that several calls share may run at the same time for each. What it throws is logged
    /// and breaks nothing. Lines that come much faster than this program reads its results are dropped, and a line
    /// in their place says how many. When the connection breaks, what was not answered runs again and prints again.
    /// </summary>
    public Action<OutputLine>? OnOutput { get; init; }

    /// <summary>
    /// How long the work may wait without any node that may run it, before it fails with <see cref="ClusterUnavailableException"/>.
    /// Default (null): <see cref="ClusterClientOptions.NoNodesTimeout"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than 24 days.</exception>
    public TimeSpan? NoNodesTimeout
    {
        get;
        init => field = value is { } timeout ? OptionCheck.Timeout(timeout, nameof(NoNodesTimeout)) : null;
    }

    /// <summary>
    /// How long one attempt at an item may run. When its time is up the token of its <see cref="TaskContext"/> is cancelled; a function that does not end
    /// within a quarter of a second after that is ended with its worker process, whatever it is doing. Either way only this item fails, with
    /// <see cref="TaskTimeoutException"/>, also where the function comes back with a result too late. Time spent waiting for a worker does not
    /// count. Default (null): items may run for ever.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or more than 24 days.</exception>
    public TimeSpan? Timeout
    {
        get;
        init => field = value is { } timeout ? OptionCheck.Positive(timeout, nameof(Timeout)) : null;
    }

    /// <summary>
    /// Whether and how to call the function again on an item on which it threw, or on which its <see cref="Timeout"/> was up. Default (null): not at all.
    /// Items whose worker or node was lost run again in any case.
    /// </summary>
    public RetryOptions? Retry { get; init; }
}
