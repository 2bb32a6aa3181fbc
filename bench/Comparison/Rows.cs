using System.Diagnostics;
using Cluster.Client;

namespace Cluster.Bench.Comparison;

/// <summary>The rows of the table.</summary>
internal sealed class Rows(ClusterClient cluster, PythonPeer peer)
{
    private const int MiB = 1 << 20;

    private readonly byte[][] _blocks = [.. Enumerable.Range(0, 128).Select(i => Enumerable.Repeat((byte)i, MiB).ToArray())];
    private int _spinRounds;

    public IReadOnlyList<Row> All =>
    [
        new(
            "`MapAsync(square, 10^6 ints)` · `Pool.map`",
            "items/s",
            "≥ 3",
            async ct => 1_000_000 / await MapAsync(1_000_000, ct),
            async ct => 1_000_000 / (await peer.RunAsync(new { row = "pool_map", count = 1_000_000 }, ct))[0]),
        new(
            "`MapAsync(square, 20,000 ints)` · `ProcessPoolExecutor.map`, no chunk size on either side",
            "items/s",
            "",
            async ct => 20_000 / await MapAsync(20_000, ct),
            async ct => 20_000 / (await peer.RunAsync(new { row = "executor_map", count = 20_000 }, ct))[0]),
        new(
            "20,000 × `Submit`, gathered as completed · `apply_async`",
            "tasks/s",
            "≥ 2",
            async ct => 20_000 / await SubmitAsync(20_000, ct),
            async ct => 20_000 / (await peer.RunAsync(new { row = "apply_async", count = 20_000 }, ct))[0]),
        new(
            "20,000 × `Submit`, gathered as completed · `executor.submit` and `as_completed`",
            "tasks/s",
            "",
            async ct => 20_000 / await SubmitAsync(20_000, ct),
            async ct => 20_000 / (await peer.RunAsync(new { row = "executor_submit", count = 20_000 }, ct))[0]),
        new(
            "`Submit(x)` awaited one at a time, p50 · `Pool.apply`",
            "µs",
            "≤ 1",
            async ct => 1e6 * Statistics.Median(await AwaitedAsync(500, ct)),
            async ct => 1e6 * Statistics.Median(await peer.RunAsync(new { row = "apply", count = 500 }, ct)),
            LessIsBetter: true),
        new(
            "128 × 1 MiB in, length out · `Pool.map`",
            "MiB/s",
            "≥ 1",
            async ct => 128 / await TimedAsync(() => cluster.MapAsync(Work.Length, _blocks, cancellationToken: ct), result => result.All(n => n == MiB)),
            async ct => 128 / (await peer.RunAsync(new { row = "blocks_in", count = 128, size = MiB }, ct))[0]),
        new(
            "128 × 1 MiB, echoed · `Pool.map`",
            "MiB/s",
            "≥ 1",
            async ct => 128 / await TimedAsync(() => cluster.MapAsync(Work.Echo, _blocks, cancellationToken: ct), result => result[127].AsSpan().SequenceEqual(_blocks[127])),
            async ct => 128 / (await peer.RunAsync(new { row = "blocks_echo", count = 128, size = MiB }, ct))[0]),
        new(
            "CPU-bound, 64 × 20 ms on 2 workers, against a plain loop · `Pool.map`, chunk size 1",
            "× as fast",
            "≥ 1.94 here",
            SpeedUpAsync,
            ct => PeerSpeedUpAsync("cpu", ct)),
        new(
            "CPU-bound, 64 × 20 ms on 2 workers, against a plain loop · two processes that share nothing: what the machine can do",
            "× as fast",
            "",
            SpeedUpAsync,
            ct => PeerSpeedUpAsync("cpu_alone", ct)),
        .. Sizes(),
    ];

    private async Task<double> PeerSpeedUpAsync(string row, CancellationToken cancellationToken)
    {
        var seconds = await peer.RunAsync(new { row, count = 64, milliseconds = 20 }, cancellationToken);
        return seconds[1] / seconds[0];
    }

    private IEnumerable<Row> Sizes()
    {
        foreach (var count in (int[])[1_000, 10_000, 100_000, 1_000_000, 10_000_000])
        {
            yield return new Row(
                $"`MapAsync(square, {count:N0} ints)` · `Pool.map`",
                "ns/item",
                "does not grow",
                async ct => 1e9 * await MapAsync(count, ct) / count,
                async ct => 1e9 * (await peer.RunAsync(new { row = "pool_map", count }, ct))[0] / count,
                LessIsBetter: true);
        }
    }

    private Task<double> MapAsync(int count, CancellationToken cancellationToken) =>
        TimedAsync(
            () => cluster.MapAsync(Work.Square, Enumerable.Range(0, count), cancellationToken: cancellationToken),
            result => result.Length == count && result[^1] == (long)(count - 1) * (count - 1));

    private Task<double> SubmitAsync(int count, CancellationToken cancellationToken) =>
        TimedAsync(
            async () =>
            {
                var futures = new ClusterFuture<long>[count];
                for (var i = 0; i < count; i++)
                {
                    futures[i] = cluster.Submit(Work.Square, i);
                }

                long sum = 0;
                await foreach (var future in ClusterFuture.AsCompleted(futures).WithCancellation(cancellationToken))
                {
                    sum += await future;
                }

                return sum;
            },
            sum => sum == Enumerable.Range(0, count).Sum(Work.Square));

    private async Task<double[]> AwaitedAsync(int count, CancellationToken cancellationToken)
    {
        var seconds = new double[count];
        for (var i = 0; i < count; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            var value = await cluster.Submit(Work.Square, i, cancellationToken: cancellationToken);
            seconds[i] = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            Check(value == Work.Square(i));
        }

        return seconds;
    }

    private async Task<double> SpeedUpAsync(CancellationToken cancellationToken)
    {
        var items = Enumerable.Repeat(Calibrate(), 64).ToArray();
        var begin = Stopwatch.GetTimestamp();
        foreach (var item in items)
        {
            Work.Spin(item);
        }

        var plain = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        return plain / await TimedAsync(() => cluster.MapAsync(Work.Spin, items, cancellationToken: cancellationToken), result => result.Length == 64);
    }

    /// <summary>How many rounds take 20 ms in a plain loop on this machine.</summary>
    private int Calibrate()
    {
        if (_spinRounds == 0)
        {
            const int Probe = 20_000_000;
            Work.Spin(Probe);
            var best = Enumerable.Range(0, 5).Min(_ =>
            {
                var begin = Stopwatch.GetTimestamp();
                Work.Spin(Probe);
                return Stopwatch.GetElapsedTime(begin).TotalSeconds;
            });
            _spinRounds = (int)(Probe * 0.020 / best);
        }

        return _spinRounds;
    }

    private static async Task<double> TimedAsync<T>(Func<Task<T>> work, Func<T, bool> isRight)
    {
        var begin = Stopwatch.GetTimestamp();
        var result = await work();
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        Check(isRight(result));
        return seconds;
    }

    private static void Check(bool isRight)
    {
        if (!isRight)
        {
            throw new InvalidOperationException("A result is wrong; its time means nothing.");
        }
    }
}
