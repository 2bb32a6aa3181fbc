using Cluster.Client;
using Xunit;

namespace Cluster.Functional.Jobs;

public sealed class MapTests(SharedCluster cluster)
{
    private static long Square(int x) => (long)x * x;

    private static int Multiply(int a, int b) => a * b;

    [Fact]
    public async Task A_million_items_come_back_in_order_and_right()
    {
        var results = await cluster.Client.MapAsync(Square, Enumerable.Range(0, 1_000_000), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 1_000_000).Select(Square), results);
    }

    [Fact]
    public async Task Empty_input_gives_an_empty_result() =>
        Assert.Empty(await cluster.Client.MapAsync(Square, Array.Empty<int>(), cancellationToken: TestContext.Current.CancellationToken));

    [Fact]
    public async Task One_item_gives_one_result() =>
        Assert.Equal((long[])[49], await cluster.Client.MapAsync(Square, [7], cancellationToken: TestContext.Current.CancellationToken));

    [Fact]
    public async Task A_generator_without_a_length_works()
    {
        static IEnumerable<int> Generate()
        {
            for (var i = 0; i < 12_345; i++)
            {
                yield return i;
            }
        }

        var results = await cluster.Client.MapAsync(Square, Generate(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Generate().Select(Square), results);
    }

    [Fact]
    public async Task An_async_source_works()
    {
        static async IAsyncEnumerable<int> Generate()
        {
            for (var i = 0; i < 1_000; i++)
            {
                await Task.Yield();
                yield return i;
            }
        }

        var results = await cluster.Client.MapAsync(Square, Generate(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 1_000).Select(Square), results);
    }

    [Fact]
    public async Task Tuples_are_spread_over_two_three_and_four_parameters()
    {
        var cancellationToken = TestContext.Current.CancellationToken;

        Assert.Equal((int[])[6, 20, 42, 72], await cluster.Client.StarMapAsync(Multiply, [(2, 3), (4, 5), (6, 7), (8, 9)], cancellationToken: cancellationToken));
        Assert.Equal(["a1x", "b2y"], await cluster.Client.StarMapAsync((string a, int b, char c) => $"{a}{b}{c}", [("a", 1, 'x'), ("b", 2, 'y')], cancellationToken: cancellationToken));
        Assert.Equal((double[])[10], await cluster.Client.StarMapAsync((int a, long b, double c, float d) => a + b + c + d, [(1, 2L, 3.0, 4f)], cancellationToken: cancellationToken));
    }

    [Fact]
    public async Task ForEach_runs_the_action_for_every_item()
    {
        var directory = Directory.CreateTempSubdirectory("cluster-foreach-");
        try
        {
            var path = directory.FullName;
            await cluster.Client.ForEachAsync(
                i => File.WriteAllText(Path.Combine(path, $"{i}"), "done"),
                Enumerable.Range(0, 100),
                cancellationToken: TestContext.Current.CancellationToken);

            Assert.Equal(100, directory.GetFiles().Length);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public async Task A_given_chunk_size_changes_nothing_but_the_chunks(int chunkSize)
    {
        var options = new MapOptions { ChunkSize = chunkSize };

        var results = await cluster.Client.MapAsync(Square, Enumerable.Range(0, 2_500), options, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 2_500).Select(Square), results);
    }

    [Fact]
    public async Task Both_workers_take_part()
    {
        var processes = await cluster.Client.MapAsync(
            _ =>
            {
                Workload.Sleep(20);
                return Environment.ProcessId;
            },
            Enumerable.Range(0, 40),
            cancellationToken: TestContext.Current.CancellationToken);

        // More than two where another test has just ended one of them.
        Assert.InRange(processes.Distinct().Count(), 2, int.MaxValue);
        Assert.DoesNotContain(Environment.ProcessId, processes);
    }

    [Fact]
    public async Task Progress_ends_with_everything_completed()
    {
        var reports = new List<JobProgress>();
        var options = new MapOptions { Progress = new Recorder<JobProgress>(reports) };

        await cluster.Client.MapAsync(Square, Enumerable.Range(0, 10_000), options, TestContext.Current.CancellationToken);

        JobProgress last;
        lock (reports)
        {
            last = reports[^1];
        }

        Assert.Equal(10_000, last.Completed);
        Assert.Equal(10_000, last.Total);
        Assert.Equal(0, last.Failed);
    }

    [Fact]
    public async Task A_progress_handler_that_throws_breaks_nothing()
    {
        var options = new MapOptions { Progress = new Thrower<JobProgress>() };

        var results = await cluster.Client.MapAsync(Square, Enumerable.Range(0, 1_000), options, TestContext.Current.CancellationToken);

        Assert.Equal(1_000, results.Length);
    }

    private sealed class Recorder<T>(List<T> values) : IProgress<T>
    {
        public void Report(T value)
        {
            lock (values)
            {
                values.Add(value);
            }
        }
    }

    private sealed class Thrower<T> : IProgress<T>
    {
        public void Report(T value) => throw new InvalidOperationException("A handler that fails.");
    }
}
