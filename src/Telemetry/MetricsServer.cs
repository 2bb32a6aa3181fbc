using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cluster.Telemetry;

/// <summary>
/// What <c>--metrics-listen</c> serves, over HTTP/1.1 and without a token: <c>/healthz</c> (the process lives), <c>/readyz</c> (it is of use), <c>/metrics</c> (numbers, in Prometheus's
/// text format). Nothing there tells of payloads, names or secrets, and nothing there changes anything.
/// </summary>
public sealed class MetricsServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Func<string> _readMetrics;
    private readonly Func<string?> _whyNotReady;

    private MetricsServer(WebApplication application, Func<string> readMetrics, Func<string?> whyNotReady) =>
        (_application, _readMetrics, _whyNotReady) = (application, readMetrics, whyNotReady);

    /// <summary>Where it listens, port included: <c>http://127.0.0.1:9464</c>.</summary>
    public string Address => _application.Urls.First();

    /// <summary>Starts to answer.</summary>
    /// <param name="endPoint">Where to listen; port 0 stands for any free one.</param>
    /// <param name="readMetrics">The metrics as they are now, in Prometheus's text format.</param>
    /// <param name="whyNotReady">What keeps the program from being of use, in a word or three; null: nothing.</param>
    /// <param name="logging">Where logs go.</param>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task<MetricsServer> StartAsync(IPEndPoint endPoint, Func<string> readMetrics, Func<string?> whyNotReady, Action<ILoggingBuilder> logging)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(readMetrics);
        ArgumentNullException.ThrowIfNull(whyNotReady);
        ArgumentNullException.ThrowIfNull(logging);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        logging(builder.Logging);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(endPoint, static endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton<IHostLifetime, ProgramsLifetime>();
        var server = new MetricsServer(builder.Build(), readMetrics, whyNotReady);
        server._application.Run(server.AnswerAsync);
        try
        {
            await server._application.StartAsync().ConfigureAwait(false);
        }
        catch
        {
            await server._application.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return server;
    }

    /// <summary>Stops at once: who asks later gets no connection, which is an answer too.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context)
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
                await response.WriteAsync("alive\n", context.RequestAborted).ConfigureAwait(false);
                break;
            case "/readyz":
                var obstacle = _whyNotReady();
                response.StatusCode = obstacle is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
                await response.WriteAsync($"{obstacle ?? "ready"}\n", context.RequestAborted).ConfigureAwait(false);
                break;
            case "/metrics":
                response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                await response.WriteAsync(_readMetrics(), context.RequestAborted).ConfigureAwait(false);
                break;
            default:
                response.StatusCode = StatusCodes.Status404NotFound;
                await response.WriteAsync("Here are /healthz, /readyz and /metrics. Jobs and everything else are at the coordinator's --listen addresses, over gRPC.\n", context.RequestAborted).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>Leaves signals to the program: while it ends, it still says how it is.</summary>
    private sealed class ProgramsLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
