using System.CommandLine;
using System.Globalization;
using Cluster.Protocol;

namespace Cluster.Cli.Commands;

/// <summary>Options that take a time in seconds, with a point where there are parts of one.</summary>
internal static class SecondsOption
{
    /// <summary>The longest time that an item may be given.</summary>
    public static TimeSpan LongestOfItem => RetryFilter.MaxTimeout;

    /// <summary>Makes an option; null where it is not given.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">For the help text.</param>
    /// <param name="longest">The longest time that makes sense.</param>
    /// <param name="takesZero">Whether 0 makes sense too.</param>
    public static Option<TimeSpan?> Create(string name, string description, TimeSpan longest, bool takesZero = false)
    {
        var range = takesZero ? "of 0 or more" : "above 0";
        var error = string.Create(CultureInfo.InvariantCulture, $"{name} must be a number of seconds {range}, at most {longest.TotalSeconds:0}.");
        return new Option<TimeSpan?>(name)
        {
            Description = description,
            HelpName = "SECONDS",
            CustomParser = result => DecimalNumber.Parse(result, seconds => IsAllowed(seconds, longest, takesZero), error) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
    }

    // Less than a tick is no time.
    private static bool IsAllowed(double seconds, TimeSpan longest, bool takesZero) =>
        seconds >= 0 && seconds <= longest.TotalSeconds && (takesZero || TimeSpan.FromSeconds(seconds) > TimeSpan.Zero);
}
