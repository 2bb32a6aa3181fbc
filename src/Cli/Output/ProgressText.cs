using System.Globalization;

namespace Cluster.Cli.Output;

/// <summary>Says in a line how many items are done, how fast, and how long the rest takes. Pure.</summary>
internal static class ProgressText
{
    private const int BarWidth = 30;

    // Slower ones have parts of an item per second.
    private const double Whole = 10;

    /// <summary>The line.</summary>
    /// <param name="done">Items that are done.</param>
    /// <param name="failed">How many of them have failed.</param>
    /// <param name="total">How many there will be; null: nobody knows.</param>
    /// <param name="rate">Items per second; null: not known yet.</param>
    /// <param name="waitingFor">Why nothing runs; null: something does.</param>
    public static string Of(long done, long failed, long? total, double? rate, string? waitingFor)
    {
        var speed = rate is { } known ? $", {Rate(known)}" : "";
        var failures = failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {failed:N0} failed") : "";
        var waiting = waitingFor is null ? "" : $" - {waitingFor}";
        if (total is not { } all)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{done:N0} items{speed}{failures}{waiting}");
        }

        var share = all == 0 ? 1 : Math.Min(1, (double)done / all);
        var bar = new string('#', (int)(share * BarWidth)).PadRight(BarWidth, '.');
        var left = Left(done, total, rate) is { } time ? $", {Duration(time)} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"[{bar}] {(int)(share * 100),3}% {done:N0}/{all:N0}{speed}{left}{failures}{waiting}");
    }

    /// <summary>How long the rest takes; null: nobody knows, or there is none.</summary>
    public static TimeSpan? Left(long done, long? total, double? rate) =>
        total is { } all && all > done && rate is > 0 && (all - done) / rate.Value < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds((all - done) / rate.Value) : null;

    /// <summary>Items per second, such as <c>1,500/s</c> or <c>0.25/s</c>.</summary>
    public static string Rate(double rate) => rate is > 0 and < Whole && rate != Math.Floor(rate)
        ? string.Create(CultureInfo.InvariantCulture, $"{rate:0.0#}/s")
        : string.Create(CultureInfo.InvariantCulture, $"{rate:N0}/s");

    /// <summary>A time as hours, minutes and seconds; in days where it takes that long.</summary>
    public static string Duration(TimeSpan span) => span.TotalDays >= 2
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:N0} days")
        : span.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}:{span.Minutes:00}:{span.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}:{span.Seconds:00}");
}
