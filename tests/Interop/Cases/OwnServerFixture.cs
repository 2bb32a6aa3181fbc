using Cluster.Interop.Server;
using Xunit;

namespace Cluster.Interop.Cases;

public sealed class OwnServerFixture : IAsyncLifetime
{
    internal InteropServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await InteropServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
