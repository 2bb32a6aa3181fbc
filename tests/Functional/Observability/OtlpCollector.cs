using Cluster.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cluster.Functional.Observability;

/// <summary>Collects the spans that programs send by OTLP.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
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

    /// <summary>Waits until spans have come that fit.</summary>
    public async Task<IReadOnlyList<OtlpSpan>> WaitAsync(Func<IReadOnlyList<OtlpSpan>, bool> fit)
    {
        while (true)
        {
            Task more;
            IReadOnlyList<OtlpSpan> spans;
            lock (_gate)
            {
                (more, spans) = (_more.Task, [.. _spans]);
            }

            if (fit(spans))
            {
                return spans;
            }

            await more.Within();
        }
    }

    /// <summary>Waits until metrics of a program have come.</summary>
    public async Task WaitForMetricsAsync(string text)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_metrics.Any(metrics => metrics.Contains(text, StringComparison.Ordinal)))
                {
                    return;
                }

                more = _more.Task;
            }

            await more.Within();
        }
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

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
