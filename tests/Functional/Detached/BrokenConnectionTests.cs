using Cluster.Client;
using Cluster.Functional.Restart;
using Cluster.TestKit.Network;
using Xunit;

namespace Cluster.Functional.Detached;

/// <summary>The connection breaks, and the coordinator lives on: with the old call still in its hands, perhaps.</summary>
public sealed class BrokenConnectionTests
{
    private const int Items = 2000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_submission_and_its_reader_go_on_over_another_connection()
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        await using var proxy = new TcpFaultProxy(cluster.Client.Address);
        await using var client = await ClusterClient.ConnectAsync(proxy.Address, cancellationToken: Token);
        var label = Guid.NewGuid().ToString("N");
        var job = await client.SubmitJobAsync(First, SourceAsync(proxy), new JobOptions { Name = label }, Token);
        Assert.Single(await client.ListJobsAsync(new JobFilter { NamePrefix = label }, Token).ToArrayAsync(Token));
        var next = 0;
        await foreach (var outcome in job.ResultsAsync(cancellationToken: Token))
        {
            Assert.Equal((next, (byte)next), (outcome.Index, outcome.Value));
            if (++next % 700 == 0)
            {
                proxy.Reset();
            }
        }

        Assert.Equal(Items, next);

        // How many of the breaks met an idle connection, or one another, nobody knows; that of the submission did not.
        Assert.True(proxy.Accepted > 1, $"{proxy.Accepted} connections");
    }

    [Fact]
    public async Task Parts_of_a_large_item_come_again_from_its_beginning()
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        await using var proxy = new TcpFaultProxy(cluster.Client.Address);
        await using var client = await ClusterClient.ConnectAsync(proxy.Address, cancellationToken: Token);
        var large = new byte[12 << 20];
        new Random(1).NextBytes(large);
        var submitting = client.SubmitJobAsync((byte[] bytes) => bytes, [large, [1], large], cancellationToken: Token);
        for (var time = 0; time < 3 && !submitting.IsCompleted; time++)
        {
            await Task.WhenAny(submitting, Task.Delay(TimeSpan.FromMilliseconds(15), TimeProvider.System, Token));
            proxy.Reset();
        }

        var job = await submitting;
        var reading = job.GetResultsAsync(Token);
        for (var time = 0; time < 3 && !reading.IsCompleted; time++)
        {
            await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(15), TimeProvider.System, Token));
            proxy.Reset();
        }

        var results = await reading;
        Assert.Equal(3, results.Length);
        Assert.True(large.AsSpan().SequenceEqual(results[0]) && large.AsSpan().SequenceEqual(results[2]));
    }

    private static byte First(byte[] bytes) => bytes[0];

    private static async IAsyncEnumerable<byte[]> SourceAsync(TcpFaultProxy proxy)
    {
        for (var i = 0; i < Items; i++)
        {
            if (i % 900 == 899)
            {
                await Task.Yield();
                proxy.Reset();
            }

            var item = new byte[4096];
            item[0] = (byte)i;
            yield return item;
        }
    }
}
