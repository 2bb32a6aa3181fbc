using System.Diagnostics.Metrics;

namespace Cluster.Node.Telemetry;

/// <summary>The buckets of histograms, in seconds.</summary>
internal static class TimeBounds
{
    /// <summary>Items take from a microsecond to hours.</summary>
    public static readonly InstrumentAdvice<double> Items = new() { HistogramBucketBoundaries = [0.000_001, 0.000_01, 0.000_1, 0.001, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 600, 3600] };

    /// <summary>What goes over the network takes from a fraction of a millisecond to minutes.</summary>
    public static readonly InstrumentAdvice<double> Network = new() { HistogramBucketBoundaries = [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60] };
}
