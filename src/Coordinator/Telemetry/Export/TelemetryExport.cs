using System.Runtime.CompilerServices;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Cluster.Coordinator.Telemetry.Export;

/// <summary>
/// Brings metrics and traces to those who gather them: Prometheus, which asks, and OTLP, where the standard variables (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and the rest) say where to. Nothing is
/// gathered that nobody wants.
/// </summary>
internal sealed class TelemetryExport : IDisposable
{
    private const string OtlpVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly Gathering? _gathering;

    /// <param name="isObserved">Somebody may ask for metrics.</param>
    public TelemetryExport(bool isObserved)
    {
        var isOtlp = Environment.GetEnvironmentVariable(OtlpVariable) is { Length: > 0 };
        if (isObserved || isOtlp)
        {
            _gathering = Gather(isObserved, isOtlp);
        }
    }

    /// <summary>The metrics for who asks, in Prometheus's text format; null: nobody may.</summary>
    public Func<string>? ReadMetrics { get; private set; }

    public void Dispose() => _gathering?.Dispose();

    // By itself, so that OpenTelemetry's assemblies are not loaded where nothing is gathered: most programs start without it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Gathering Gather(bool isObserved, bool isOtlp)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("cluster-coordinator", serviceVersion: Hosting.CoordinatorHost.Version, serviceInstanceId: $"{Environment.MachineName}/{Environment.ProcessId}");
        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(CoordinatorMetrics.SourceName, "System.Runtime");
        if (isObserved)
        {
            var exporter = new PrometheusExporter();
            metrics.AddReader(new BaseExportingMetricReader(exporter) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative });
            ReadMetrics = exporter.Read;
        }

        TracerProvider? traces = null;
        if (isOtlp)
        {
            metrics.AddOtlpExporter();
            traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(CoordinatorMetrics.SourceName).AddOtlpExporter().Build();
        }

        return new Gathering(metrics.Build(), traces);
    }

    private sealed class Gathering(MeterProvider metrics, TracerProvider? traces) : IDisposable
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public void Dispose()
        {
            metrics.Dispose();
            traces?.Dispose();
        }
    }
}
