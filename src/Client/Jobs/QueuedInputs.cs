using Cluster.Protocol.Batches;

namespace Cluster.Client.Jobs;

/// <summary>
/// Items that others add, from any thread, while the job runs: encoded as they are added, sent together where they pile up.
/// </summary>
internal sealed class QueuedInputs<T>(ItemCodec<T> codec) : IJobInputs
{
    private readonly Lock _gate = new();
    private readonly BatchBuilder<T> _builder = new(codec);

    // Touched by the writer alone.
    private readonly Queue<InputBatch> _ready = new();
    private long _added;
    private long _taken;
    private bool _ended;

    public bool IsEnded
    {
        get
        {
            lock (_gate)
            {
                return _ended && _builder.Count == 0 && _ready.Count == 0;
            }
        }
    }

    public long Count => Volatile.Read(ref _taken);

    /// <summary>Adds an item.</summary>
    /// <returns>Its index.</returns>
    /// <exception cref="ItemEncodeException">The item cannot be encoded; it takes no index.</exception>
    public long Add(T item)
    {
        lock (_gate)
        {
            _builder.Add((ulong)_added, item);
            return _added++;
        }
    }

    /// <summary>No more items will come.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
        }
    }

    public bool TryTake(JobFlow flow, out InputBatch batch)
    {
        if (_ready.Count == 0)
        {
            lock (_gate)
            {
                if (_builder.Count > 0)
                {
                    foreach (var gathered in InputBatch.Gather(_builder.TakeAll(), flow.MaxBytes))
                    {
                        _ready.Enqueue(gathered);
                    }
                }
            }
        }

        if (!_ready.TryPeek(out batch) || !flow.TrySend(batch))
        {
            return false;
        }

        _ready.Dequeue();
        Volatile.Write(ref _taken, batch.First + batch.Count);
        return true;
    }
}
