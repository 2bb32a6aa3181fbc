using System.Diagnostics;
using System.Globalization;
using Cluster.Client;

namespace Cluster.Bench.Comparison;

/// <summary>The rows about shared objects: against <c>multiprocessing.Manager()</c>, whose objects live in another process too.</summary>
internal sealed class SharedRows(ClusterClient cluster, PythonPeer peer)
{
    private const int Keys = 1000;

    public IReadOnlyList<Row> All =>
    [
        new(
            "dict: 2,000 sets, each awaited, p50 · `Manager().dict()`",
            "µs",
            "≤ 1",
            async ct => 1e6 * Statistics.Median(await AwaitedSetsAsync(2_000, ct)),
            async ct => 1e6 * Statistics.Median(await peer.RunAsync(new { row = "dict_set", count = 2_000 }, ct)),
            LessIsBetter: true),
        new(
            "dict: 20,000 sets, pipelined · `Manager().dict()`",
            "sets/s",
            "≥ 10",
            async ct => 20_000 / await PipelinedSetsAsync(20_000, ct),
            async ct => 2_000 / (await peer.RunAsync(new { row = "dict_set", count = 2_000 }, ct)).Sum()),
        new(
            "dict: 2,000 gets, each awaited, p50 · `Manager().dict()`",
            "µs",
            "",
            async ct => 1e6 * Statistics.Median(await AwaitedGetsAsync(2_000, ct)),
            async ct => 1e6 * Statistics.Median(await peer.RunAsync(new { row = "dict_get", count = 2_000 }, ct)),
            LessIsBetter: true),
        new(
            "dict: 1,000,000 reads of a replica · 2,000 gets of `Manager().dict()`",
            "reads/s",
            "≥ 300",
            async ct => 1_000_000 / await ReplicaReadsAsync(1_000_000, ct),
            async ct => 2_000 / (await peer.RunAsync(new { row = "dict_get", count = 2_000 }, ct)).Sum()),
        new(
            "dict: 2 × 2,000 sets by 2 workers at once, each awaited · `Manager().dict()`",
            "sets/s",
            "",
            async ct => 4_000 / await SetsByWorkersAsync(2_000, ct),
            async ct => 4_000 / (await peer.RunAsync(new { row = "dict_workers", count = 2_000 }, ct))[0]),
        new(
            "queue: 2,000 put and got, one by one · `Manager().Queue()`",
            "items/s",
            "",
            async ct => 2_000 / await QueueOneByOneAsync(2_000, ct),
            async ct => 2_000 / (await peer.RunAsync(new { row = "queue", count = 2_000 }, ct))[0]),
        new(
            "queue: 20,000 put and got, in batches of 100 · `Manager().Queue()`, which has none",
            "items/s",
            "≥ 5",
            async ct => 20_000 / await QueueInBatchesAsync(20_000, ct),
            async ct => 2_000 / (await peer.RunAsync(new { row = "queue", count = 2_000 }, ct))[0]),
        new(
            "queue: 20,000 from a client to a worker, pipelined · `Manager().Queue()` from process to process",
            "items/s",
            "≥ 5",
            async ct => 20_000 / await QueueToWorkerAsync(20_000, ct),
            async ct => 4_000 / (await peer.RunAsync(new { row = "queue_to_worker", count = 4_000 }, ct))[0]),
    ];

    private async Task<double[]> AwaitedSetsAsync(int count, CancellationToken cancellationToken)
    {
        await using var dictionary = cluster.Dictionary<string, int>();
        return await EachAsync(count, i => dictionary.SetAsync(Key(i), i, cancellationToken: cancellationToken));
    }

    private async Task<double[]> AwaitedGetsAsync(int count, CancellationToken cancellationToken)
    {
        await using var dictionary = cluster.Dictionary<string, int>();
        await dictionary.SetManyAsync(Enumerable.Range(0, Keys).Select(static i => KeyValuePair.Create(Key(i), i)), cancellationToken: cancellationToken);
        return await EachAsync(count, async i => Check(await dictionary.GetAsync(Key(i), cancellationToken) == i % Keys));
    }

    private async Task<double> ReplicaReadsAsync(int count, CancellationToken cancellationToken)
    {
        await using var dictionary = cluster.Dictionary<string, int>();
        string[] keys = [.. Enumerable.Range(0, Keys).Select(Key)];
        await dictionary.SetManyAsync(keys.Select(static (key, i) => KeyValuePair.Create(key, i)), cancellationToken: cancellationToken);
        await using var replica = await dictionary.OpenReplicaAsync(cancellationToken);
        var begin = Stopwatch.GetTimestamp();
        long sum = 0;
        for (var i = 0; i < count; i++)
        {
            sum += replica[keys[i % Keys]];
        }

        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        Check(sum == (long)count / Keys * (Keys * (Keys - 1) / 2));
        return seconds;
    }

    private async Task<double> PipelinedSetsAsync(int count, CancellationToken cancellationToken)
    {
        await using var dictionary = cluster.Dictionary<string, int>();
        var begin = Stopwatch.GetTimestamp();
        var sets = new Task[count];
        for (var i = 0; i < count; i++)
        {
            sets[i] = dictionary.SetAsync(Key(i), i, cancellationToken: cancellationToken);
        }

        await Task.WhenAll(sets);
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        Check(await dictionary.CountAsync(cancellationToken) == Keys);
        return seconds;
    }

    private async Task<double> SetsByWorkersAsync(int count, CancellationToken cancellationToken)
    {
        await using var dictionary = cluster.Dictionary<string, int>();
        var seconds = await cluster.MapAsync(
            async worker =>
            {
                var begin = Stopwatch.GetTimestamp();
                for (var i = 0; i < count; i++)
                {
                    await dictionary.SetAsync(string.Create(CultureInfo.InvariantCulture, $"{worker}-{i % Keys}"), i);
                }

                return Stopwatch.GetElapsedTime(begin).TotalSeconds;
            },
            [0, 1],
            new MapOptions { ChunkSize = 1 },
            cancellationToken);
        Check(await dictionary.CountAsync(cancellationToken) == 2 * Keys);
        return seconds.Max();
    }

    private async Task<double> QueueOneByOneAsync(int count, CancellationToken cancellationToken)
    {
        await using var queue = cluster.Queue<int>();
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            await queue.PutAsync(i, cancellationToken: cancellationToken);
        }

        for (var i = 0; i < count; i++)
        {
            Check(await queue.GetAsync(cancellationToken: cancellationToken) == i);
        }

        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private async Task<double> QueueInBatchesAsync(int count, CancellationToken cancellationToken)
    {
        await using var queue = cluster.Queue<int>();
        var begin = Stopwatch.GetTimestamp();
        foreach (var batch in Enumerable.Range(0, count).Chunk(100))
        {
            await queue.PutManyAsync(batch, cancellationToken: cancellationToken);
        }

        for (var got = 0; got < count;)
        {
            got += (await queue.GetManyAsync(100, cancellationToken: cancellationToken)).Count;
        }

        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private async Task<double> QueueToWorkerAsync(int count, CancellationToken cancellationToken)
    {
        await using var queue = cluster.Queue<int>();
        await using var ready = cluster.Event();
        var consumer = cluster.Submit(ConsumeAsync, queue, ready, count, cancellationToken: cancellationToken);
        await ready.WaitAsync(cancellationToken: cancellationToken);
        var begin = Stopwatch.GetTimestamp();
        foreach (var batch in Enumerable.Range(0, count).Chunk(100))
        {
            await Task.WhenAll(batch.Select(i => queue.PutAsync(i, cancellationToken: cancellationToken)));
        }

        Check(await consumer == (long)count * (count - 1) / 2);
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static async Task<long> ConsumeAsync(ClusterQueue<int> queue, ClusterEvent ready, int count)
    {
        await ready.SetAsync();
        long sum = 0;
        for (var got = 0; got < count;)
        {
            var items = await queue.GetManyAsync(100);
            got += items.Count;
            sum += items.Sum(static item => (long)item);
        }

        return sum;
    }

    private static async Task<double[]> EachAsync(int count, Func<int, Task> act)
    {
        var seconds = new double[count];
        for (var i = 0; i < count; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            await act(i);
            seconds[i] = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }

        return seconds;
    }

    private static string Key(int i) => string.Create(CultureInfo.InvariantCulture, $"key-{i % Keys}");

    private static void Check(bool isRight)
    {
        if (!isRight)
        {
            throw new InvalidOperationException("A result is wrong; its time means nothing.");
        }
    }
}
