using Google.Protobuf.WellKnownTypes;

namespace Cluster.Coordinator.Jobs;

/// <summary>
/// Reads durations that clients and nodes sent. The conversion of Protocol Buffers throws for what breaks its rules, and whoever sends such a
/// value must hear of it where it arrives: further inside, nobody expects an exception.
/// </summary>
internal static class WireDuration
{
    /// <summary>For messages: what <see cref="TryRead"/> takes.</summary>
    public const string Rule = "0 to 315576000000 s, with 0 to 999999999 ns";

    /// <summary>Converts a duration that is not negative.</summary>
    /// <param name="duration">As received.</param>
    /// <param name="value">Its length; zero where there is none, or it is wrong.</param>
    /// <returns>False: it breaks the rules of Protocol Buffers, or is negative.</returns>
    public static bool TryRead(Duration? duration, out TimeSpan value)
    {
        var valid = duration is null or { Seconds: >= 0 and <= Duration.MaxSeconds, Nanos: >= 0 and < Duration.NanosecondsPerSecond };
        value = valid && duration is not null ? duration.ToTimeSpan() : TimeSpan.Zero;
        return valid;
    }
}
