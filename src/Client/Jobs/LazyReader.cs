namespace Cluster.Client.Jobs;

/// <summary>
/// The iterator of the lazy verbs. Written by hand, since one that the compiler makes ends with the first exception, and here an item's
/// exception is raised at its place and the next item follows.
/// </summary>
/// <param name="job">The job.</param>
/// <param name="fromCall">The token that was given to the verb …</param>
/// <param name="fromIteration">… and the one of <c>WithCancellation</c>.</param>
internal sealed class LazyReader<TResult>(LazyJob job, CancellationToken fromCall, CancellationToken fromIteration) : IAsyncEnumerator<TResult>
{
    // Consumption is reported in steps, so that a large entry opens the window before its end.
    private const int ReportEvery = 256;

    private readonly ResultReader<TResult> _reader = new();
    private readonly Dictionary<long, Exception> _unreadable = [];
    private readonly CancellationTokenSource _either = CancellationTokenSource.CreateLinkedTokenSource(fromCall, fromIteration);
    private TResult[] _values = [];
    private LazyAnswer? _answer;
    private int _position;
    private int _reported;
    private bool _ended;

    public TResult Current { get; private set; } = default!;

    public ValueTask<bool> MoveNextAsync()
    {
        if (_answer?.Entry is null || _position >= _answer.Count)
        {
            return MoveOnAsync();
        }

        if (_position - _reported >= ReportEvery)
        {
            Report(_position - _reported);
        }

        return ValueTask.FromResult(Step());
    }

    public async ValueTask DisposeAsync()
    {
        _ended = true;
        _either.Dispose();
        await job.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<bool> MoveOnAsync()
    {
        if (_answer is { } last)
        {
            _answer = null;
            Report(last.Count - _reported, last.Bytes);
        }

        if (_ended)
        {
            return false;
        }

        LazyAnswer? next;
        try
        {
            _either.Token.ThrowIfCancellationRequested();
            job.Start();
            next = await job.Results.TakeAsync(_either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_either.IsCancellationRequested)
        {
            _ended = true;
            throw new OperationCanceledException(fromCall.IsCancellationRequested ? fromCall : fromIteration);
        }
        catch
        {
            // The job's end, not an item's: there is no next.
            _ended = true;
            throw;
        }

        if (next is null)
        {
            _ended = true;
            return job.SourceFailure is { } failure ? throw failure : false;
        }

        _answer = next;
        _reported = 0;
        if (next.Failure is { } itemFailure)
        {
            throw itemFailure;
        }

        var entry = next.Entry!.Value;
        if (_values.Length < entry.Count)
        {
            _values = new TResult[entry.Count];
        }

        // Until it has been read there is nothing in it to step through.
        _position = entry.Count;
        _unreadable.Clear();
        _reader.Read(entry, _values.AsSpan(0, entry.Count), _unreadable.Add);
        _position = 0;
        return Step();
    }

    private bool Step()
    {
        var index = _answer!.Entry!.Value.First + _position;
        Current = _values[_position];

        // Not held here any longer than the caller holds it.
        _values[_position++] = default!;
        return _unreadable.Count > 0 && _unreadable.TryGetValue(index, out var failure) ? throw failure : true;
    }

    private void Report(int items, long bytes = 0)
    {
        _reported += items;
        job.Results.Consumed(items, bytes);
    }
}
