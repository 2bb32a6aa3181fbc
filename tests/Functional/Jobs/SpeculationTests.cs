using Cluster.Client;
using Xunit;

namespace Cluster.Functional.Jobs;

/// <summary>Items that take much longer than the others, once.</summary>
public sealed class SpeculationTests : IDisposable
{
    private readonly DirectoryInfo _marks = Directory.CreateTempSubdirectory("cluster-speculation-test-");

    public void Dispose() => _marks.Delete(recursive: true);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public async Task An_item_that_hangs_on_its_first_run_does_not_hold_up_the_job(int nodes, int workers)
    {
        var token = TestContext.Current.CancellationToken;
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { Nodes = nodes, WorkersPerNode = workers }, token);
        var mark = Path.Combine(_marks.FullName, "begun");
        var results = await local.Client.MapAsync(x => HangOnce(mark, x), Enumerable.Range(0, 40), new MapOptions { Speculate = true }, token)
            .WaitAsync(TimeSpan.FromSeconds(30), token);

        Assert.True(File.Exists(mark));
        Assert.Equal(Enumerable.Range(0, 40), results);
    }

#pragma warning disable RS0030 // Work that takes its time, not a test that waits for something.
    private static int HangOnce(string mark, int x)
    {
        Thread.Sleep(5);
        if (x == 20 && !File.Exists(mark))
        {
            File.WriteAllText(mark, "");
            Thread.Sleep(Timeout.Infinite);
        }

        return x;
    }
#pragma warning restore RS0030
}
