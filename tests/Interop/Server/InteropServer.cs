using Grpc.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cluster.Interop.Server;

/// <summary>A server of the interop tests, on a free port of the loopback interface and on a Unix domain socket.</summary>
internal sealed class InteropServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _directory;

    private InteropServer(WebApplication app, string directory, string address)
    {
        _app = app;
        _directory = directory;
        Address = address;
    }

    /// <summary>http://127.0.0.1:port</summary>
    public string Address { get; }

    public string Authority => new Uri(Address).Authority;

    public string UnixAddress => $"unix:{SocketPath(_directory)}";

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a server of the interop service, or of what <paramref name="map"/> maps.</summary>
    public static async Task<InteropServer> StartAsync(Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null)
    {
        string directory = Directory.CreateTempSubdirectory("grpc-interop").FullName;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseGrpcTransport();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(SocketPath(directory)));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        builder.Services.AddGrpc();
        configure?.Invoke(builder);
        WebApplication app = builder.Build();
        (map ?? (static routes => routes.MapGrpcService<InteropService>()))(app);
        await app.StartAsync();
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(a => a.StartsWith("http://127", StringComparison.Ordinal));
        return new InteropServer(app, directory, address);
    }

    /// <summary>Starts a server whose methods are <paramref name="service"/>'s functions.</summary>
    public static Task<InteropServer> StartAsync(ScriptedService service, Action<WebApplicationBuilder>? configure = null) => StartAsync(
        builder =>
        {
            builder.Services.AddSingleton(service);
            configure?.Invoke(builder);
        },
        static app => app.MapGrpcService<ScriptedService>());

    /// <summary>Stops listening and waits for calls in progress.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static string SocketPath(string directory) => Path.Combine(directory, "grpc.sock");
}
