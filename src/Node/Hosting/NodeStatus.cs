using System.Net;
using Cluster.Node.Session;
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
        return StatusServer.StartAsync(endPoint, services, logging => logging.AddProvider(logger).AddFilter("Microsoft", LogLevel.Warning));
    }
}
