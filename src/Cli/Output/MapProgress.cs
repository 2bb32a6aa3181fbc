using System.Globalization;

namespace Cluster.Cli.Output;

/// <summary>What the progress bar says: how many items are done, how fast, and how long the rest takes.</summary>
/// <param name="total">How many items there are; null where nobody knows.</param>
/// <param name="time">Measures the rate.</param>
internal sealed class MapProgress(long? total, TimeProvider time)
{
    private const int BarWidth = 30;

    private readonly long _start = time.GetTimestamp();
    private long _done;
    private long _failed;
    private volatile string? _waitingFor;

    public void AddResult() => Interlocked.Increment(ref _done);

    public void AddFailure()
    {
        Interlocked.Increment(ref _failed);
        Interlocked.Increment(ref _done);
    }

    public void WaitFor(string? reason) => _waitingFor = reason;

    /// <summary>The line to show now.</summary>
    public string Describe()
    {
        var done = Interlocked.Read(ref _done);
        var failed = Interlocked.Read(ref _failed);
        var elapsed = time.GetElapsedTime(_start);
        var rate = elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0;
        var failures = failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {failed:N0} failed") : "";
        var waiting = _waitingFor is { } reason ? $" - {reason}" : "";
        if (total is not { } all)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{done:N0} items, {rate:N0}/s{failures}{waiting}");
        }

        var share = all == 0 ? 1 : Math.Min(1, (double)done / all);
        var bar = new string('#', (int)(share * BarWidth)).PadRight(BarWidth, '.');
        var left = rate > 0 && all > done ? string.Create(CultureInfo.InvariantCulture, $", {Duration(TimeSpan.FromSeconds((all - done) / rate))} left") : "";
        return string.Create(CultureInfo.InvariantCulture, $"[{bar}] {(int)(share * 100),3}% {done:N0}/{all:N0}, {rate:N0}/s{left}{failures}{waiting}");
    }

    private static string Duration(TimeSpan span) => span.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}:{span.Minutes:00}:{span.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}:{span.Seconds:00}");
}
