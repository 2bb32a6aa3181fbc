using System.Diagnostics.CodeAnalysis;
using Cluster.Node.Workers;
using Cluster.Protocol.V1;

namespace Cluster.Node.Session;

/// <summary>What sessions that are over have left in the node's hands, until a coordinator asks for it or nobody seems to want it.</summary>
internal sealed class Leftovers : IDisposable
{
    /// <summary>As long as clients try to go on with their jobs, by default.</summary>
    public static readonly TimeSpan HoldTime = TimeSpan.FromSeconds(60);

    /// <summary>Once a coordinator knows of them: clients that were waiting for it are back long before.</summary>
    public static readonly TimeSpan AskTime = TimeSpan.FromSeconds(15);

    /// <summary>As many as fit into a hello.</summary>
    private const int MaxCount = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string JobKey, ulong Index), (Leftover Item, long Until)> _items = [];
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public Leftovers(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => Expire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Lists them for a coordinator.</summary>
    /// <param name="hello">Where to.</param>
    /// <param name="more">Chunks that will be left over if the coordinator does not know their session.</param>
    public void List(Hello hello, IEnumerable<PoolChunk> more)
    {
        lock (_gate)
        {
            var items = _items.Keys.Concat(more.Select(static chunk => (chunk.PoolJob.Spec.Key, chunk.Index))).Distinct().Take(MaxCount);
            hello.Held.AddRange(items.Select(static item => new HeldItem { JobKey = item.Item1, Index = item.Item2 }));
        }
    }

    /// <summary>Keeps items. Where one is here already, from an earlier session, the newer one is given up.</summary>
    public void Add(IEnumerable<Leftover> items)
    {
        List<PoolChunk> refused = [];
        lock (_gate)
        {
            var until = _time.GetTimestamp() + Ticks(HoldTime);
            foreach (var item in items)
            {
                if (_items.Count >= MaxCount || !_items.TryAdd((item.JobKey, item.Index), (item, until)))
                {
                    refused.Add(item.Chunk);
                }
            }

            SetTimer_NeedsLock();
        }

        WorkerPool.Abandon(refused);
    }

    /// <summary>A coordinator has got the list.</summary>
    public void Listed()
    {
        lock (_gate)
        {
            var until = _time.GetTimestamp() + Ticks(AskTime);
            foreach (var (key, (item, limit)) in _items.ToArray())
            {
                _items[key] = (item, Math.Min(limit, until));
            }

            SetTimer_NeedsLock();
        }
    }

    /// <summary>Takes an item out, for a session that asks for it.</summary>
    public bool TryTake(string jobKey, ulong index, [NotNullWhen(true)] out Leftover? item)
    {
        lock (_gate)
        {
            var found = _items.Remove((jobKey, index), out var entry);
            item = entry.Item;
            return found;
        }
    }

    /// <summary>The node ends: gives all of them up.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        List<PoolChunk> all;
        lock (_gate)
        {
            all = [.. _items.Values.Select(static entry => entry.Item.Chunk)];
            _items.Clear();
        }

        WorkerPool.Abandon(all);
    }

    private void Expire()
    {
        List<PoolChunk> expired = [];
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            foreach (var (key, (item, until)) in _items.ToArray())
            {
                if (until <= now)
                {
                    _items.Remove(key);
                    expired.Add(item.Chunk);
                }
            }

            SetTimer_NeedsLock();
        }

        WorkerPool.Abandon(expired);
    }

    private void SetTimer_NeedsLock()
    {
        if (_items.Count == 0)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        var left = _time.GetElapsedTime(_time.GetTimestamp(), _items.Values.Min(static entry => entry.Until));
        _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);
}
