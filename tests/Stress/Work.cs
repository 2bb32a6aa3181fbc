using System.Diagnostics;

namespace Cluster.Stress;

/// <summary>What the workers do.</summary>
internal static class Work
{
    public static long Run(int x, int milliseconds)
    {
        for (var clock = Stopwatch.StartNew(); clock.ElapsedMilliseconds < milliseconds;)
        {
            // Work for the processor.
        }

        return ((long)x * x) - (7 * x);
    }
}
