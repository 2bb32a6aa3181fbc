using Cluster.Client;
using Cluster.TestKit.Network;
using Cluster.TestKit.Time;
using Cluster.Unit.Coordinator.Hosted;
using Xunit;

namespace Cluster.Unit.Client.Objects;

/// <summary>A coordinator, a client that writes, and one that reads through a proxy which breaks its connection.</summary>
public abstract class ProxiedReader : IAsyncLifetime
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected ClusterClient Writer { get; private set; } = null!;

    protected ClusterClient Reader { get; private set; } = null!;

    protected TcpFaultProxy Proxy { get; private set; } = null!;

    private protected TestCoordinator Coordinator { get; set; } = null!;

    /// <summary>The coordinator's clock, where a test moves it; null: the system's.</summary>
    private protected virtual ManualTime? Time => null;

    public async ValueTask InitializeAsync()
    {
        Coordinator = await TestCoordinator.StartAsync(time: Time);
        Proxy = new TcpFaultProxy(Coordinator.Address);
        Writer = await ClusterClient.ConnectAsync(Coordinator.Address, cancellationToken: Token);
        Reader = await ClusterClient.ConnectAsync(Proxy.Address, cancellationToken: Token);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Reader.DisposeAsync();
        await Writer.DisposeAsync();
        await Proxy.DisposeAsync();
        await Coordinator.DisposeAsync();
    }
}
