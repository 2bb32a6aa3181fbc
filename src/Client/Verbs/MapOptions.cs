namespace Cluster.Client;

/// <summary>How to run a map. Immutable; use <c>with</c> to vary it. The defaults suit nearly everything.</summary>
public sealed record MapOptions : TaskOptions
{
    internal static new readonly MapOptions Default = new();

    /// <summary>
    /// Items that travel and run together. Default (null): adapted to the measured time per item, so that tiny items cost next to nothing
    /// and long ones are handed out singly.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int? ChunkSize
    {
        get;
        init => field = value is { } size ? OptionCheck.AtLeastOne(size, nameof(ChunkSize)) : null;
    }

    /// <summary>
    /// How many items may be taken from the source and not yet be answered (for the lazy verbs: not yet be consumed). Default (null): as
    /// many as keep the cluster busy within a bound of bytes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int? MaxInFlight
    {
        get;
        init => field = value is { } items ? OptionCheck.AtLeastOne(items, nameof(MaxInFlight)) : null;
    }

    /// <summary>
    /// What happens when an item fails. Default: <see cref="OnError.Throw"/>. The lazy verbs raise an item's exception at its place and
    /// can go on with the next item, whatever this says.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a value of <see cref="Client.OnError"/>.</exception>
    public OnError OnError
    {
        get;
        init => field = (OnError)OptionCheck.Between((int)value, (int)OnError.Throw, (int)OnError.Collect, nameof(OnError));
    }

    /// <summary>
    /// Run stragglers a second time (MapReduce's backup tasks, Spark's <c>speculation</c>): where nothing waits and slots are idle, what has been running for
    /// more than twice the mean, and at least a tenth of a second, runs on another node too. The first result counts, the other run is
    /// ended, at the cost of its worker if it ignores its token. For functions that may run twice at the same time. Default: false.
    /// </summary>
    public bool Speculate { get; init; }

    /// <summary>Told how the job gets on, a few times a second and once at the end. What it throws is logged and breaks nothing.</summary>
    public IProgress<JobProgress>? Progress { get; init; }
}
