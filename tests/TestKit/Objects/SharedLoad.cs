using Cluster.Client;

namespace Cluster.TestKit.Objects;

/// <summary>
/// Clients that change shared objects all the time, and know what must come of it: an acknowledged change that is lost, one that happens twice and one that comes too
/// early all show at once, whatever is done to the coordinator meanwhile.
/// </summary>
/// <param name="one">A client.</param>
/// <param name="two">Another.</param>
public sealed class SharedLoad(ClusterClient one, ClusterClient two)
{
    private const int Window = 8;
    private const int Keys = 100;
    private const int Capacity = 64;

    private readonly Dictionary<int, long> _set = [];
    private long _acknowledged;
    private long _token;
    private long _guarded;
    private long _counted;
    private long _put;

    /// <summary>How many changes were acknowledged.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Changes things until it is stopped, and then waits for what was begun.</summary>
    /// <param name="stop">Stops it.</param>
    /// <exception cref="InvalidOperationException">Something came out wrong; the message says what.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var failing = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] all = [CountAsync(failing.Token), SetAsync(failing.Token), ProduceAsync(failing.Token), ConsumeAsync(), LockAsync(one, failing.Token), LockAsync(two, failing.Token)];
        await foreach (var done in Task.WhenEach(all))
        {
            if (done.IsFaulted)
            {
                await failing.CancelAsync();
                await done;
            }
        }
    }

    /// <summary>Looks, with another client, whether everything is as it was acknowledged.</summary>
    /// <param name="fresh">A client that has seen nothing of it.</param>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public async Task CheckAsync(ClusterClient fresh)
    {
        Expect("the count", _counted, await fresh.Dictionary<string, long>("load-counts").GetAsync("n"));
        Expect("what the lock guards", _guarded, await fresh.Value(0L, "load-guarded").GetAsync());
        Expect("what is left in the queue", 0, await fresh.Queue<long>("load-queue", Capacity).CountAsync());
        var set = (await fresh.Dictionary<int, long>("load-set").ItemsAsync()).ToDictionary();
        foreach (var (key, value) in _set)
        {
            Expect($"entry {key}", value, set.GetValueOrDefault(key));
        }
    }

    private async Task CountAsync(CancellationToken stop)
    {
        var counts = one.Dictionary<string, long>("load-counts");
        var pending = new Queue<Task<long>>();
        while (!stop.IsCancellationRequested || pending.Count > 0)
        {
            while (pending.Count < Window && !stop.IsCancellationRequested)
            {
                pending.Enqueue(counts.IncrementAsync("n", cancellationToken: CancellationToken.None));
            }

            if (pending.TryDequeue(out var next))
            {
                Expect("an increment", _counted + 1, await next);
                _counted++;
                Interlocked.Increment(ref _acknowledged);
            }
        }
    }

    private async Task SetAsync(CancellationToken stop)
    {
        var entries = two.Dictionary<int, long>("load-set");
        long last = 0;
        for (var i = 1; !stop.IsCancellationRequested; i++)
        {
            var version = await entries.SetAsync(i % Keys, i, cancellationToken: CancellationToken.None);
            if (version <= last)
            {
                throw new InvalidOperationException($"Version {version} came after {last}.");
            }

            (_set[i % Keys], last) = (i, version);
            Interlocked.Increment(ref _acknowledged);
        }
    }

    private async Task ProduceAsync(CancellationToken stop)
    {
        var queue = one.Queue<long>("load-queue", Capacity);
        while (!stop.IsCancellationRequested)
        {
            await queue.PutAsync(_put + 1, cancellationToken: CancellationToken.None);
            _put++;
            Interlocked.Increment(ref _acknowledged);
        }

        await queue.PutAsync(-1, cancellationToken: CancellationToken.None);
    }

    private async Task ConsumeAsync()
    {
        var queue = two.Queue<long>("load-queue", Capacity);
        for (long expected = 1; ; expected++)
        {
            var item = await queue.GetAsync();
            if (item == -1)
            {
                Expect("the end of the queue", _put + 1, expected);
                return;
            }

            Expect("an item of the queue", expected, item);
        }
    }

    private async Task LockAsync(ClusterClient client, CancellationToken stop)
    {
        var mutex = client.Lock("load-lock");
        var guarded = client.Value(0L, "load-guarded");
        while (!stop.IsCancellationRequested)
        {
            await using var lease = await mutex.AcquireAsync(cancellationToken: CancellationToken.None);
            if (lease.FencingToken <= _token)
            {
                throw new InvalidOperationException($"Fencing token {lease.FencingToken} came after {_token}.");
            }

            _token = lease.FencingToken;
            Expect("what the lock guards", _guarded, await guarded.GetAsync(CancellationToken.None));
            await guarded.SetAsync(_guarded + 1, CancellationToken.None);
            _guarded++;
            Interlocked.Increment(ref _acknowledged);
        }
    }

    private static void Expect(string what, long expected, long actual)
    {
        if (expected != actual)
        {
            throw new InvalidOperationException($"{what} is {actual}; after what was acknowledged it is {expected}.");
        }
    }
}
