namespace Cluster.Client;

/// <summary>The ranges of options: refuses what no cluster can do, where the option is written rather than where it is used.</summary>
internal static class OptionCheck
{
    /// <summary>The longest span that every timer takes.</summary>
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(24);

    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(24);

    public static int Between(int value, int least, int most, string option) => value >= least && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(option, value, $"{option} must be from {least} to {most}.");

    public static int AtLeastOne(int value, string option) => value >= 1
        ? value
        : throw new ArgumentOutOfRangeException(option, value, $"{option} must be at least 1; leave it null for the default.");

    /// <summary>How long something may take that takes some time in any case.</summary>
    public static TimeSpan Positive(TimeSpan value, string option) => value > TimeSpan.Zero && value <= LongestTimeout
        ? value
        : throw new ArgumentOutOfRangeException(option, value, $"{option} must be more than zero and at most {LongestTimeout.Days} days; leave it null for no limit.");

    /// <summary>Longer delays are not what Polly takes.</summary>
    public static TimeSpan Delay(TimeSpan value, string option) => value >= TimeSpan.Zero && value <= LongestDelay
        ? value
        : throw new ArgumentOutOfRangeException(option, value, $"{option} must be from zero to {LongestDelay.TotalHours:0} hours.");

    public static TimeSpan Timeout(TimeSpan value, string option) => value >= TimeSpan.Zero && value <= LongestTimeout
        ? value
        : throw new ArgumentOutOfRangeException(option, value, $"{option} must be from zero to {LongestTimeout.Days} days.");
}
