namespace Cluster.Simulation;

/// <summary>Time that stands still between events. Its frequency is odd on purpose: code that mistakes timestamps for ticks shows.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private const long Frequency = 7_000_003;

    private TimeSpan _now;

    public TimeSpan Now
    {
        get => _now;
        set => _now = value >= _now ? value : throw new InvalidOperationException($"Time cannot go back from {_now} to {value}.");
    }

    public override long TimestampFrequency => Frequency;

    public override long GetTimestamp() => (long)(_now.TotalSeconds * Frequency);
}
