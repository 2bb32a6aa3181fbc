using System.Diagnostics;
using Cluster.Client;
using Cluster.TestKit;
using Xunit;

namespace Cluster.Functional.Observability;

/// <summary>What tasks do belongs to the trace of their caller.</summary>
public sealed class TraceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_function_runs_in_the_trace_of_its_caller()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 }, Token);
        using var caller = new Activity("caller").Start();
        var spans = await local.Client.MapAsync(static _ => Activity.Current?.Id ?? "none", [1, 2, 3], cancellationToken: Token).Within();
        Assert.All(spans, span => Assert.Contains(caller.TraceId.ToHexString(), span, StringComparison.Ordinal));
        Assert.DoesNotContain(spans, span => span == caller.Id);
        caller.Stop();

        var alone = await local.Client.MapAsync(static _ => Activity.Current?.Id ?? "none", [1], cancellationToken: Token).Within();
        Assert.Equal(["none"], alone);
    }

    [Fact]
    public async Task An_asynchronous_function_too_and_its_span_ends_with_its_chunk()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 }, Token);
        using var caller = new Activity("caller").Start();
        var spans = await local.Client.MapAsync(
            static async (int _) =>
            {
                await Task.Yield();
                return $"{Activity.Current?.TraceId} {Activity.Current?.OperationName} {Activity.Current?.Parent?.OperationName}";
            },
            [1, 2, 3, 4],
            new MapOptions { ChunkSize = 1 },
            Token).Within();
        Assert.Equal(Enumerable.Repeat($"{caller.TraceId} run ", 4), spans);
    }
}
