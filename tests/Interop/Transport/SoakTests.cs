using Cluster.Interop.Server;
using Grpc.Net.Client;
using Grpc.Testing;
using Grpc.Transport;
using Xunit;

namespace Cluster.Interop.Transport;

/// <summary>Runs alone: it measures the memory of the process.</summary>
[Collection(nameof(Alone))]
public sealed class SoakTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Channels_and_calls_leave_nothing_behind()
    {
        await using InteropServer server = await InteropServer.StartAsync();
        for (int i = 0; i < 100; i++)
        {
            using GrpcChannel channel = GrpcEndpoint.Parse(server.UnixAddress).CreateChannel();
            await new TestService.TestServiceClient(channel).EmptyCallAsync(new Empty(), cancellationToken: Token);
        }

        using GrpcChannel one = GrpcEndpoint.Parse(server.Address).CreateChannel();
        var client = new TestService.TestServiceClient(one);
        await CallAsync(client, 2_000);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await CallAsync(client, 5_000);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(grown < 4 * 1024 * 1024, $"5,000 calls left {grown} bytes behind.");
    }

    private static Task CallAsync(TestService.TestServiceClient client, int count) => Parallel.ForAsync(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (_, token) => await client.EmptyCallAsync(new Empty(), cancellationToken: token));
}
