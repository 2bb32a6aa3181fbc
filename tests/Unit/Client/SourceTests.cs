using Cluster.Client;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.FakeCoordinators;
using Xunit;

namespace Cluster.Unit.Client;

/// <summary>A source is the caller's: once the call is over nobody touches it, though nothing else would hold the next item back.</summary>
public sealed class SourceTests
{
    private const int GateAt = 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_taken_after_the_loop_was_left(bool later)
    {
        using var source = new GatedSource(GateAt);
        await using var coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        await foreach (var _ in (later ? cluster.IMapAsync(Sample.Square, source.ItemsLater(), cancellationToken: Token) : cluster.IMapAsync(Sample.Square, source.Items(), cancellationToken: Token)).WithCancellation(Token))
        {
            await source.Reached.Within();
            break;
        }

        await AssertUntouchedAsync(source);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_taken_after_an_item_failed(bool later)
    {
        using var source = new GatedSource(GateAt);
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            await job.ReadInputsAsync();
            await source.Reached.Within();
            await job.FailAsync(0, Errors.DivideByZero());
            await job.ReadUntilAsync(RunRequest.RequestOneofCase.CancelJob);
            await job.EndAsync();
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        await Assert.ThrowsAsync<RemoteTaskException>(() => MapAsync(cluster, source, later, Token).Within());

        await AssertUntouchedAsync(source);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_taken_after_the_caller_cancelled(bool later)
    {
        using var source = new GatedSource(GateAt);
        using var mine = new CancellationTokenSource();
        await using var coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var map = MapAsync(cluster, source, later, mine.Token);
        await source.Reached.Within();
        await mine.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => map.Within());

        await AssertUntouchedAsync(source);
    }

    private static Task<int[]> MapAsync(ClusterClient cluster, GatedSource source, bool later, CancellationToken cancellationToken) => later
        ? cluster.MapAsync(Sample.Square, source.ItemsLater(), cancellationToken: cancellationToken)
        : cluster.MapAsync(Sample.Square, source.Items(), cancellationToken: cancellationToken);

    // The item behind the gate had been asked for before.
    private static async Task AssertUntouchedAsync(GatedSource source)
    {
        source.Open();
        await source.Left.Within();
        Assert.Equal(GateAt + 1, source.Taken);
    }
}
