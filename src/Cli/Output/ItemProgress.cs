namespace Cluster.Cli.Output;

/// <summary>How far a command is with its items, for its progress bar. Thread-safe.</summary>
/// <param name="total">How many items there are; null where nobody knows.</param>
/// <param name="time">Measures the rate.</param>
internal sealed class ItemProgress(long? total, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private long _done;
    private long _failed;
    private long _skipped;
    private volatile string? _waitingFor;

    public void AddResult() => Interlocked.Increment(ref _done);

    public void AddFailure()
    {
        Interlocked.Increment(ref _failed);
        Interlocked.Increment(ref _done);
    }

    /// <summary>An item was done before: it is not one of these.</summary>
    public void Skip() => Interlocked.Increment(ref _skipped);

    public void WaitFor(string? reason) => _waitingFor = reason;

    /// <summary>The line to show now.</summary>
    public string Describe()
    {
        var done = Interlocked.Read(ref _done);
        var elapsed = time.GetElapsedTime(_start);
        return ProgressText.Of(
            done, Interlocked.Read(ref _failed), total - Interlocked.Read(ref _skipped), elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0, _waitingFor);
    }
}
