using Cluster.Client.Exceptions;
using Cluster.Protocol.V1;

namespace Cluster.Client.Jobs;

/// <summary>
/// Results on their way to a reader who takes them one by one: those of <c>IMapAsync</c> (in the order of the input) and
/// <c>IMapUnorderedAsync</c> (as they come). They stay encoded until it is their turn.
/// </summary>
internal sealed class LazyResults(JobFlow flow, bool ordered) : IJobResults
{
    private readonly Lock _gate = new();
    private readonly ReorderBuffer<LazyAnswer>? _reorder = ordered ? new() : null;
    private readonly Queue<LazyAnswer> _ready = new();
    private readonly AsyncSignal _arrived = new();
    private readonly AsyncSignal _consumed = new();
    private bool _ended;
    private bool _abandoned;
    private Exception? _error;

    private bool HasAnswer => _ready.Count > 0 || (_reorder?.IsReady ?? false);

    public void Start(long first, long count, string node, int processId)
    {
    }

    public void Add(ResultEntry entry, in RunFacts facts) => Put(entry.First, entry.Count, new LazyAnswer(entry, Failure: null));

    public void Fail(ItemFailure failure, in RunFacts facts) =>
        Put((long)failure.Index, 1, new LazyAnswer(Entry: null, RemoteErrors.ForItem(failure)));

    public async ValueTask WaitForReaderAsync(CancellationToken cancellationToken)
    {
        while (flow.IsFull && ReaderCanGoOn())
        {
            await _consumed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Pause()
    {
    }

    public void End(Exception? error)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            _error = error;
        }

        _arrived.Set();
    }

    /// <summary>Takes the next answer, waiting for it if need be.</summary>
    /// <returns>The answer; null at the end.</returns>
    /// <exception cref="Exception">Why the job ended early.</exception>
    public async ValueTask<LazyAnswer?> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_ready.TryDequeue(out var answer) || (_reorder?.TryTake(out answer) ?? false))
                {
                    return answer;
                }

                if (_ended)
                {
                    return _error is null ? null : throw _error;
                }
            }

            await _arrived.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Nobody reads any more: what is here and what still comes is let go of, and nothing waits for the reader.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _abandoned = true;
            _ready.Clear();
            _reorder?.Clear();
        }

        _consumed.Set();
    }

    /// <summary>The reader is done with results.</summary>
    public void Consumed(long items, long bytes)
    {
        flow.Consume(items, bytes);
        _consumed.Set();
    }

    private bool ReaderCanGoOn()
    {
        lock (_gate)
        {
            return HasAnswer;
        }
    }

    private void Put(long first, long count, LazyAnswer answer)
    {
        lock (_gate)
        {
            if (_abandoned)
            {
                return;
            }

            if (_reorder is null)
            {
                _ready.Enqueue(answer);
            }
            else
            {
                _reorder.Add(first, count, answer);
            }
        }

        _arrived.Set();
    }
}
