using Cluster.Protocol;
using Cluster.Protocol.Batches;

namespace Cluster.Client.Jobs;

/// <summary>
/// Items that others add, from any thread, while the job runs: encoded as they are added, sent together where they pile up.
/// </summary>
internal sealed class QueuedInputs<T>(ItemCodec<T> codec) : IJobInputs
{
    /// <summary>How many bytes of items may wait to be sent before whoever can wait with the next item should.</summary>
    public const int EnoughBytes = 8 * Limits.MaxPayloadBytes;

    private readonly Lock _gate = new();
    private readonly BatchBuilder<T> _builder = new(codec);

    // Touched by the writer alone.
    private readonly ReadyBatches _ready = new();
    private long _added;
    private long _addedBytes;
    private long _taken;
    private long _takenBytes;
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

    /// <summary>Items enough wait to be sent. When that ends, the flow's <see cref="JobFlow.RoomChanged"/> is set.</summary>
    public bool IsFull => WaitingBytes >= EnoughBytes;

    private long WaitingBytes => Volatile.Read(ref _addedBytes) - Volatile.Read(ref _takenBytes);

    /// <summary>Adds an item.</summary>
    /// <returns>Its index.</returns>
    /// <exception cref="ItemEncodeException">The item cannot be encoded; it takes no index.</exception>
    public long Add(T item)
    {
        lock (_gate)
        {
            var before = _builder.ByteCount;
            _builder.Add((ulong)_added, item);
            Volatile.Write(ref _addedBytes, _addedBytes + _builder.ByteCount - before);
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
                    _ready.Add(_builder.TakeAll(), flow);
                }
            }
        }

        if (!_ready.TryTake(flow, out batch))
        {
            return false;
        }

        Volatile.Write(ref _taken, batch.First + batch.Count);
        Interlocked.Add(ref _takenBytes, batch.Bytes);
        if (WaitingBytes is var waiting && waiting < EnoughBytes && waiting + batch.Bytes >= EnoughBytes)
        {
            flow.RoomChanged.Set();
        }

        return true;
    }
}
