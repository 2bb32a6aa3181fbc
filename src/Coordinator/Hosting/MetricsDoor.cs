using Cluster.Coordinator.Telemetry.Export;
using Microsoft.AspNetCore.Http;

namespace Cluster.Coordinator.Hosting;

/// <summary>
/// What <c>--metrics-listen</c> serves, over HTTP/1.1 and without a token: <c>/healthz</c> (the process lives), <c>/readyz</c> (it takes calls), <c>/metrics</c> (numbers, in Prometheus's
/// text format). Nothing there tells of payloads, names or secrets.
/// </summary>
internal sealed class MetricsDoor(TelemetryExport export, StreamShutdown shutdown)
{
    /// <summary>Marks the connections that came through it.</summary>
    internal sealed class Mark
    {
        public static readonly Mark Instance = new();
    }

    public async Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET, HEAD";
            return;
        }

        switch (context.Request.Path.Value)
        {
            case "/healthz":
                await response.WriteAsync("alive\n", context.RequestAborted);
                break;
            case "/readyz":
                response.StatusCode = shutdown.HasBegun ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
                await response.WriteAsync(shutdown.HasBegun ? "shutting down\n" : "ready\n", context.RequestAborted);
                break;
            case "/metrics":
                response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                await response.WriteAsync(export.ReadMetrics!(), context.RequestAborted);
                break;
            default:
                response.StatusCode = StatusCodes.Status404NotFound;
                await response.WriteAsync("Here are /healthz, /readyz and /metrics. Jobs and everything else are at the coordinator's --listen addresses, over gRPC.\n", context.RequestAborted);
                break;
        }
    }
}
