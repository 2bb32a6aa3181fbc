using Cluster.Protocol;

namespace Cluster.Client.Jobs;

/// <summary>The bounds of an <see cref="InFlightWindow"/>.</summary>
internal sealed record WindowLimits
{
    /// <summary>What the user allows to be in flight; null: no bound of theirs.</summary>
    public int? MaxItems { get; init; }

    /// <summary>Bytes of inputs that may be sent and not answered, before the coordinator says less.</summary>
    public long MaxInputBytes { get; init; } = Limits.DefaultMaxBytesInFlight;

    /// <summary>Bytes of results that may be here or on their way and not consumed; null: results are kept anyway.</summary>
    public long? ResultBudget { get; init; }

    /// <summary>How many items may be in flight before anything is known about their results.</summary>
    public int InitialLazyItems { get; init; } = 64;

    /// <summary>How many items may be in flight at most where the reader is lazy, however small they are.</summary>
    public int MostLazyItems { get; init; } = 1 << 17;

    public static WindowLimits Eager(MapOptions options) => new() { MaxItems = options.MaxInFlight };

    public static WindowLimits Lazy(MapOptions options) => new() { MaxItems = options.MaxInFlight, ResultBudget = 64L << 20 };
}
