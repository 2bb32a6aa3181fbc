using System.Diagnostics.Metrics;

namespace Cluster.Coordinator.Telemetry;

/// <summary>What is counted and measured of the journal.</summary>
internal sealed class JournalMetrics
{
    private readonly Meter _meter;
    private readonly TimeProvider _time;
    private readonly Counter<long> _entries;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _appendTime;
    private readonly Histogram<double> _syncTime;
    private readonly Histogram<double> _compactionTime;

    public JournalMetrics(CoordinatorMetrics metrics, TimeProvider time)
    {
        (_meter, _time) = (metrics.Meter, time);
        _entries = _meter.CreateCounter<long>("cluster.journal.entries", "{entry}", "Entries that were written to the journal.");
        _bytes = _meter.CreateCounter<long>("cluster.journal.written", "By", "Bytes that were written to the journal.");
        _refused = _meter.CreateCounter<long>("cluster.journal.refused", "{write}", "Times that the disk took nothing, or could not be forced to keep it.");
        _appendTime = _meter.CreateHistogram("cluster.journal.append.time", "s", "How long it took to write down what came together; with --fsync always, until the disk had it.", advice: TimeBounds.Short);
        _syncTime = _meter.CreateHistogram("cluster.journal.fsync.time", "s", "How long it took to force the journal to the disk.", advice: TimeBounds.Short);
        _compactionTime = _meter.CreateHistogram("cluster.journal.compaction.time", "s", "How long it took to replace segments by a snapshot.", advice: TimeBounds.Long);
    }

    /// <summary>Now, for what is measured.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>Adds what is measured when somebody looks.</summary>
    public void Observe(Func<long> size) => _meter.CreateObservableUpDownCounter("cluster.journal.size", size, "By", "Bytes of the journal on the disk, snapshots aside.");

    /// <summary>Entries were written.</summary>
    public void Appended(int entries, long bytes, long since)
    {
        _entries.Add(entries);
        _bytes.Add(bytes);
        _appendTime.Record(_time.GetElapsedTime(since).TotalSeconds);
    }

    /// <summary>The disk has what was written.</summary>
    public void Synced(long since) => _syncTime.Record(_time.GetElapsedTime(since).TotalSeconds);

    /// <summary>The disk does not take what is to be written, or does not keep it.</summary>
    public void Refused() => _refused.Add(1);

    /// <summary>A snapshot stands for segments.</summary>
    public void Compacted(long since) => _compactionTime.Record(_time.GetElapsedTime(since).TotalSeconds);
}
