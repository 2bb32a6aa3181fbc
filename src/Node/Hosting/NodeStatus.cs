using System.Net;
using Cluster.Node.Session;
using Cluster.Telemetry;
using Grpc.Transport;

namespace Cluster.Node.Hosting;

/// <summary>Says how the node is, to the probes of whoever runs it.</summary>
internal static class NodeStatus
{
    /// <summary>The process answers. A node that has no coordinator is alive: it dials, and starting it again would not help.</summary>
    public const string Live = "live";

    /// <summary>It takes work: it is attached, and does not drain.</summary>
    public const string Ready = "ready";

    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static Task<StatusServer> StartAsync(IPEndPoint endPoint, SessionLoop sessions, Departure departure, StandardErrorLogger logger)
    {
        var services = new Dictionary<string, Func<CancellationToken, Task<bool>>>
        {
            [Live] = _ => Task.FromResult(true),
            [Ready] = _ => Task.FromResult(sessions.IsConnected && !departure.Draining.IsCancellationRequested),
        };
        return ListenAsync(endPoint, StatusServer.StartAsync(endPoint, services, logging => Log(logging, logger)));
    }

    /// <summary>Begins to answer what <c>--metrics-listen</c> is for.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public static Task<MetricsServer> StartMetricsAsync(IPEndPoint endPoint, TelemetryExport telemetry, SessionLoop sessions, Departure departure, StandardErrorLogger logger) =>
        ListenAsync(endPoint, MetricsServer.StartAsync(
            endPoint,
            telemetry.ReadMetrics!,
            () => departure.Draining.IsCancellationRequested ? "draining" : sessions.IsConnected ? null : "not attached",
            logging => Log(logging, logger)));

    private static void Log(ILoggingBuilder logging, StandardErrorLogger logger) => logging.AddProvider(logger).AddFilter("Microsoft", LogLevel.Warning);

    private static async Task<T> ListenAsync<T>(IPEndPoint endPoint, Task<T> starting)
    {
        try
        {
            return await starting.ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw new IOException($"Nobody can be told at http://{endPoint} how the node is: {exception.Message}", exception);
        }
    }
}
