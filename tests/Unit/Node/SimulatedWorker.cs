using Cluster.Node.Workers.Assignment;
using Cluster.Worker.Running;

namespace Cluster.Unit.Node;

/// <summary>A worker as far as its pool can tell: the real queue of chunks, with what the two say to each other on its way for a while.</summary>
internal sealed class SimulatedWorker(int threads)
{
    private readonly ChunkQueue _queue = new(threads);
    private readonly Queue<PoolAction> _inbox = new();
    private readonly Queue<Action<PoolState, List<PoolAction>>> _outbox = new();
    private readonly Dictionary<ulong, ChunkState> _chunks = [];
    private readonly List<ChunkRun> _running = [];
    private ulong _lastNumber;

    public WorkerState State { get; } = new(threads);

    /// <summary>What its threads run.</summary>
    public IEnumerable<ChunkState> Running => _running.Select(run => _chunks[run.Number]);

    public bool HasMail => _inbox.Count > 0;

    public bool HasNews => _outbox.Count > 0;

    public void Tell(PoolAction action) => _inbox.Enqueue(action);

    /// <summary>Reads one thing that it was told.</summary>
    public void Read()
    {
        var (kind, _, chunk, _) = _inbox.Dequeue();
        var number = _chunks.FirstOrDefault(known => known.Value == chunk).Key;
        switch (kind)
        {
            case PoolActionKind.Send:
                var run = new ChunkRun(++_lastNumber, null!, attempt: 1);
                _chunks[run.Number] = chunk!;
                _queue.Announce(run);
                _running.AddRange(_queue.TryBegin(run) ? [run] : []);
                break;
            case PoolActionKind.Recall when _queue.TryWithdraw(number):
                _chunks.Remove(number);
                _outbox.Enqueue((pool, actions) => pool.HandedBack(chunk!, actions));
                break;
            case PoolActionKind.Recall when _queue.TryFind(number, out var found):
                _outbox.Enqueue((pool, actions) => pool.Begun(chunk!, actions));
                break;
            case PoolActionKind.CancelAtWorker when _queue.TryWithdraw(number):
                _chunks.Remove(number);
                _outbox.Enqueue((pool, actions) => pool.ChunkEnded(chunk!, null, actions));
                break;
            default:
                break;
        }
    }

    /// <summary>Ends something that it runs.</summary>
    public void Finish(Random random)
    {
        if (_running.Count == 0)
        {
            return;
        }

        var run = _running[random.Next(_running.Count)];
        _running.Remove(run);
        var next = _queue.End(run);
        _running.AddRange(next is null ? [] : [next]);
        _chunks.Remove(run.Number, out var chunk);
        var follower = next is null ? null : _chunks[next.Number];
        _outbox.Enqueue((pool, actions) => pool.ChunkEnded(chunk!, follower, actions));
    }

    /// <summary>The next thing that it has to say.</summary>
    public Action<PoolState, List<PoolAction>> Speak() => _outbox.Dequeue();
}
