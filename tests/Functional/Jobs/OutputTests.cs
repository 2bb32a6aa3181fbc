using System.Collections.Concurrent;
using Cluster.Client;
using Xunit;

namespace Cluster.Functional.Jobs;

public sealed class OutputTests(SharedCluster cluster)
{
    [Fact]
    public async Task Lines_arrive_with_their_item_node_and_process()
    {
        var lines = new ConcurrentQueue<OutputLine>();
        var processes = await cluster.Client.MapAsync(
            x =>
            {
                Console.WriteLine($"item {x}");
                Console.Error.WriteLine($"error {x}");
                Console.Write("no line break");
                return Environment.ProcessId;
            },
            Enumerable.Range(0, 10),
            new MapOptions { OnOutput = lines.Enqueue },
            TestContext.Current.CancellationToken);

        Assert.Equal(10, lines.Count(line => line is { IsError: true, Text: ['e', 'r', ..] }));
        Assert.Equal(10, lines.Count(line => line is { IsError: false, Text: "no line break" }));
        for (var i = 0; i < 10; i++)
        {
            var line = Assert.Single(lines, line => line.Text == $"item {i}");
            Assert.Equal(i, line.Index);
            Assert.Equal(processes[i], line.WorkerPid);
            Assert.NotEmpty(line.Node);
            Assert.False(line.IsError);
        }
    }

    [Fact]
    public async Task A_function_that_prints_a_lot_loses_nothing()
    {
        var count = 0;
        await cluster.Client.MapAsync(
            x =>
            {
                for (var i = 0; i < 5_000; i++)
                {
                    Console.WriteLine($"{x} {i}");
                }

                return x;
            },
            Enumerable.Range(0, 8),
            new MapOptions { OnOutput = _ => Interlocked.Increment(ref count) },
            TestContext.Current.CancellationToken);

        Assert.Equal(40_000, count);
    }

    [Fact]
    public async Task A_handler_that_throws_breaks_nothing() =>
        Assert.Equal(
            (int[])[1],
            await cluster.Client.MapAsync(
                x =>
                {
                    Console.WriteLine("line");
                    return x;
                },
                [1],
                new MapOptions { OnOutput = _ => throw new InvalidOperationException("A handler that fails.") },
                TestContext.Current.CancellationToken));
}
