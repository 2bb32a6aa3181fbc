using System.Net;
using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Scaling;
using Cluster.Telemetry;
using Grpc.Transport;

namespace Cluster.Coordinator.Hosting;

/// <summary>Says how the coordinator is, to those who can show no token: the probes of whoever runs it, and KEDA.</summary>
internal static class CoordinatorStatus
{
    /// <summary>Decisions are being made: the scheduler's loop has answered.</summary>
    public const string Live = "live";

    /// <summary>Calls are taken: it is alive, and does not stop.</summary>
    public const string Ready = "ready";

    /// <param name="endPoint">Where to listen.</param>
    /// <param name="coordinator">What a coordinator consists of.</param>
    /// <param name="logging">Where logs go.</param>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static Task<StatusServer> StartAsync(IPEndPoint endPoint, IServiceProvider coordinator, Action<ILoggingBuilder> logging)
    {
        var loop = coordinator.GetRequiredService<SchedulerLoop>();
        var shutdown = coordinator.GetRequiredService<StreamShutdown>();
        async Task<bool> IsAliveAsync(CancellationToken cancellationToken)
        {
            await loop.DescribeAsync([]).WaitAsync(cancellationToken);
            return true;
        }

        var services = new Dictionary<string, Func<CancellationToken, Task<bool>>>
        {
            [Live] = IsAliveAsync,
            [Ready] = async cancellationToken => !shutdown.HasBegun && await IsAliveAsync(cancellationToken),
        };
        var scaler = new ExternalScalerService(loop, shutdown, coordinator.GetRequiredService<TimeProvider>());
        return StatusServer.StartAsync(endPoint, services, logging, status => status.AddSingleton(scaler), status => status.MapGrpcService<ExternalScalerService>());
    }

    /// <summary>Begins to answer what <c>--metrics-listen</c> is for.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public static Task<MetricsServer> StartMetricsAsync(IPEndPoint endPoint, TelemetryExport telemetry, IServiceProvider coordinator, Action<ILoggingBuilder> logging)
    {
        var shutdown = coordinator.GetRequiredService<StreamShutdown>();
        return MetricsServer.StartAsync(endPoint, telemetry.ReadMetrics!, () => shutdown.HasBegun ? "shutting down" : null, logging);
    }
}
