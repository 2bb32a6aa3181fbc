using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grpc.Transport;

/// <summary>
/// A port of its own on which a program says how it is, to those who can show neither token nor certificate: probes of Kubernetes, above all. It serves
/// <c>grpc.health.v1.Health</c>, what the program adds, and reflection that tells of these; nothing there may change anything.
/// </summary>
public sealed class StatusServer : IAsyncDisposable
{
    // Probes ask by themselves; this is for `Watch`.
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromSeconds(2);

    // Less than a probe's usual timeout, so that it hears NOT_SERVING.
    private static readonly TimeSpan CheckTime = TimeSpan.FromSeconds(2);

    private readonly WebApplication _application;

    private StatusServer(WebApplication application) => _application = application;

    /// <summary>Starts to answer.</summary>
    /// <param name="endPoint">Where to listen.</param>
    /// <param name="services">For each name that may be asked for (<c>service</c> of the health protocol) whether it is well. The empty name stands for all together.</param>
    /// <param name="logging">Where logs go.</param>
    /// <param name="addServices">Adds what <paramref name="map"/> needs.</param>
    /// <param name="map">Adds services to serve.</param>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task<StatusServer> StartAsync(
        IPEndPoint endPoint,
        IReadOnlyDictionary<string, Func<CancellationToken, Task<bool>>> services,
        Action<ILoggingBuilder> logging,
        Action<IServiceCollection>? addServices = null,
        Action<IEndpointRouteBuilder>? map = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(logging);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        logging(builder.Logging);

        // A check that fails is what probes are for; who asks is told, and the log need not be.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.WebHost.UseGrpcTransport();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(endPoint));
        builder.Services.AddSingleton<IHostLifetime, ProgramsLifetime>();
        builder.Services.AddGrpc();
        builder.Services.AddGrpcReflection();
        IHealthChecksBuilder checks = builder.Services.AddGrpcHealthChecks(health =>
        {
            foreach (string name in services.Keys)
            {
                health.Services.Map(name, check => check.Name == name);
            }
        });
        builder.Services.Configure<HealthCheckPublisherOptions>(publisher => publisher.Delay = publisher.Period = ReportPeriod);
        foreach ((string name, Func<CancellationToken, Task<bool>> isWell) in services)
        {
            checks.AddAsyncCheck(
                name, async cancellationToken => await isWell(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(), timeout: CheckTime);
        }

        addServices?.Invoke(builder.Services);
        WebApplication application = builder.Build();
        application.MapGrpcHealthChecksService();
        application.MapGrpcReflectionService();
        map?.Invoke(application);
        try
        {
            await application.StartAsync();
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }

        return new StatusServer(application);
    }

    /// <summary>Stops at once: who asks later gets no connection, which is an answer too.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
    }

    /// <summary>Leaves signals to the program: while it drains, it still says how it is.</summary>
    private sealed class ProgramsLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
