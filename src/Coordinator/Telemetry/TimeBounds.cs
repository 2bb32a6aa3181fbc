using System.Diagnostics.Metrics;

namespace Cluster.Coordinator.Telemetry;

/// <summary>The buckets of histograms, in seconds.</summary>
internal static class TimeBounds
{
    /// <summary>For what takes from microseconds to seconds.</summary>
    public static readonly InstrumentAdvice<double> Short = new() { HistogramBucketBoundaries = [0.000_01, 0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] };

    /// <summary>For what takes from milliseconds to days.</summary>
    public static readonly InstrumentAdvice<double> Long = new() { HistogramBucketBoundaries = [0.001, 0.01, 0.1, 0.5, 1, 5, 10, 60, 300, 1800, 3600, 21_600, 86_400] };
}
