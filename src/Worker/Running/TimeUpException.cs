namespace Cluster.Worker.Running;

/// <summary>An attempt at an item took longer than it may.</summary>
/// <param name="timeout">How long it may take.</param>
/// <param name="elapsed">How long it took.</param>
/// <param name="end">What it ended with; null for a result that came too late, and for an attempt whose worker was ended.</param>
internal sealed class TimeUpException(TimeSpan timeout, TimeSpan elapsed, Exception? end) : Exception("The item's time was up.", end)
{
    public TimeSpan Timeout => timeout;

    public TimeSpan Elapsed => elapsed;
}
