using System.Collections.Concurrent;
using Cluster.Protocol.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cluster.TestKit.FakeCoordinators;

/// <summary>A coordinator that does what a test says: real gRPC over loopback, a script per job.</summary>
public sealed class FakeCoordinator : IAsyncDisposable
{
    private readonly WebApplication _application;

    private FakeCoordinator(WebApplication application)
    {
        _application = application;
        Address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    public string Address { get; }

    public static async Task<FakeCoordinator> StartAsync(
        Func<FakeJob, Task> script, CoordinatorInfo? info = null, IReadOnlyList<NodeInfo>? nodes = null, string? token = null, int port = 0,
        bool withNodes = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new FakeJobsService(script));
        builder.Services.AddSingleton(new FakeFunctionsService());
        builder.Services.AddSingleton(new FakeNodesService(info ?? CurrentInfo(), nodes ?? [], token));
        var application = builder.Build();
        application.MapGrpcService<FakeJobsService>();
        application.MapGrpcService<FakeFunctionsService>();
        if (withNodes)
        {
            application.MapGrpcService<FakeNodesService>();
        }

        await application.StartAsync();
        return new FakeCoordinator(application);
    }

    public static CoordinatorInfo CurrentInfo() => new()
    {
        Version = "0.1.0",
        MinProtocolVersion = Protocol.ProtocolVersion.MinSupported,
        ProtocolVersion = Protocol.ProtocolVersion.Current,
    };

    /// <summary>Hashes of the files that were uploaded, in order.</summary>
    public ConcurrentQueue<CodeFile> Uploaded => _application.Services.GetRequiredService<FakeFunctionsService>().Uploaded;

    /// <summary>Forgets uploaded code, as a coordinator that was restarted on another machine has.</summary>
    public void ForgetCode() => _application.Services.GetRequiredService<FakeFunctionsService>().Forget();

    public bool Has(Code code) => code.Files.All(file => _application.Services.GetRequiredService<FakeFunctionsService>().Has(file));

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }
}
