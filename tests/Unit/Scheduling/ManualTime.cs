namespace Cluster.Unit.Scheduling;

/// <summary>Time that moves when a test says so.</summary>
internal sealed class ManualTime : TimeProvider
{
    private TimeSpan _now = TimeSpan.FromDays(1);

    // Odd on purpose: code that mistakes timestamps for ticks shows.
    public override long TimestampFrequency => 7_000_003;

    public void Advance(TimeSpan by) => _now += by;

    public override long GetTimestamp() => (long)(_now.TotalSeconds * TimestampFrequency);
}
