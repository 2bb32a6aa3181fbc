namespace Cluster.Client.Jobs;

/// <summary>A job whose source is walked as its results are consumed. Begins with the first result that is asked for.</summary>
internal sealed class LazyJob : IAsyncDisposable
{
    // A source that waits for something may take any time to notice that nobody listens; its thread is its own.
    private static readonly TimeSpan SourcePatience = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private readonly JobStream _stream;
    private readonly TimeProvider _timeProvider;
    private Task? _walking;

    /// <param name="stream">The job.</param>
    /// <param name="results">Its results.</param>
    /// <param name="timeProvider">Bounds how long the end waits for the source.</param>
    public LazyJob(JobStream stream, LazyResults results, TimeProvider timeProvider)
    {
        _stream = stream;
        Results = results;
        _timeProvider = timeProvider;
    }

    public LazyResults Results { get; }

    /// <summary>Walks the source; completes with its end, never fails.</summary>
    public required Func<CancellationToken, Task> Walk { get; init; }

    /// <summary>What the source threw: to be raised where its next item would have been.</summary>
    public Exception? SourceFailure { get; set; }

    public void Start()
    {
        if (_walking is null)
        {
            _stream.Start();
            _walking = Walk(_stop.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_walking is not null)
        {
            _stream.Cancel();

            // Or the end of the job would wait behind results that fill the reader's budget.
            Results.Abandon();
            await Task.WhenAny(_walking, Task.Delay(SourcePatience, _timeProvider)).ConfigureAwait(false);
        }

        _stop.Dispose();
    }
}
