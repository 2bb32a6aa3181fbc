using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cluster.Functional.Observability;

/// <summary>Collects the spans that programs send by OTLP.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication _application;
    private readonly Lock _gate = new();
    private readonly List<OtlpSpan> _spans = [];
    private readonly HashSet<string> _metrics = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OtlpCollector(WebApplication application) => _application = application;

    /// <summary>What has programs send to it, often.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _application.Urls.First(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
    };

    /// <summary>The spans that have come.</summary>
    public IReadOnlyList<OtlpSpan> Spans
    {
        get
        {
            lock (_gate)
            {
                return [.. _spans];
            }
        }
    }

    public static async Task<OtlpCollector> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new OtlpCollector(builder.Build());
        collector._application.Run(collector.ReceiveAsync);
        await collector._application.StartAsync(cancellationToken);
        return collector;
    }

    /// <summary>Waits until spans of a trace have come.</summary>
    /// <param name="trace">Which.</param>
    /// <param name="count">How many, at least.</param>
    /// <exception cref="TimeoutException">Some have not; the message names the others.</exception>
    public async Task<OtlpSpan[]> WaitForSpansAsync(string trace, int count)
    {
        OtlpSpan[] found = [];
        await WaitAsync(() => (found = [.. _spans.Where(span => span.TraceId == trace)]).Length >= count, () => $"{found.Length} of {count} spans have come: {string.Join("; ", found.AsEnumerable())}");
        return found;
    }

    /// <summary>Waits until metrics have come that have a text.</summary>
    public Task WaitForMetricsAsync(string text) => WaitAsync(() => _metrics.Any(metrics => metrics.Contains(text, StringComparison.Ordinal)), () => $"No metrics have '{text}'.");

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task WaitAsync(Func<bool> isThere, Func<string> describe)
    {
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (isThere())
                {
                    return;
                }

                more = _more.Task;
            }

            try
            {
                await more.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"After {Patience.TotalSeconds} s: {describe()}");
            }
        }
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        TaskCompletionSource more;
        lock (_gate)
        {
            if (context.Request.Path == "/v1/traces")
            {
                _spans.AddRange(OtlpSpan.Read(body.ToArray()));
            }
            else
            {
                // Texts stand in Protocol Buffers as they are.
                _metrics.Add(System.Text.Encoding.Latin1.GetString(body.ToArray()));
            }

            (more, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        more.SetResult();
    }
}
