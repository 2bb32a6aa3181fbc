using System.Collections.Concurrent;
using System.Text;
using Cluster.Client;
using Cluster.Functional.Tls;
using Cluster.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Cluster.Functional.Observability;

/// <summary>A coordinator sends what it measures to whoever collects it.</summary>
public sealed class OtlpTests : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, string> _received = new();
    private readonly TaskCompletionSource _both = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _collector = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _collector = builder.Build();
        _collector.Run(ReceiveAsync);
        await _collector.StartAsync(Token);
    }

    public ValueTask DisposeAsync() => _collector.DisposeAsync();

    [Fact]
    public async Task Metrics_and_the_traces_of_jobs_arrive()
    {
        var environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Urls.First(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        };
        await using var coordinator = await CoordinatorProcess.StartAsync(environment, "--listen", "http://127.0.0.1:0", "--journal", "memory");
        await using var client = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        await Assert.ThrowsAnyAsync<ClusterException>(() => client.MapAsync(static x => x, [1], new MapOptions { NoNodesTimeout = TimeSpan.FromMilliseconds(1) }, Token).Within());
        await _both.Task.Within();

        Assert.Contains("cluster.jobs.active", _received["/v1/metrics"], StringComparison.Ordinal);
        Assert.Contains("cluster-coordinator", _received["/v1/metrics"], StringComparison.Ordinal);
        Assert.Contains("cluster.job.id", _received["/v1/traces"], StringComparison.Ordinal);
    }

    // Texts stand in Protocol Buffers as they are.
    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _received.AddOrUpdate(context.Request.Path, _ => Text(body), (_, before) => before + Text(body));
        if (_received.ContainsKey("/v1/metrics") && _received.ContainsKey("/v1/traces"))
        {
            _both.TrySetResult();
        }

        static string Text(MemoryStream body) => Encoding.Latin1.GetString(body.ToArray());
    }
}
