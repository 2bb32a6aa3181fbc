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

    private readonly MeterProvider? _metrics;
    private readonly TracerProvider? _traces;

    /// <param name="isObserved">Somebody may ask for metrics.</param>
    public TelemetryExport(bool isObserved)
    {
        var isOtlp = Environment.GetEnvironmentVariable(OtlpVariable) is { Length: > 0 };
        if (!isObserved && !isOtlp)
        {
            return;
        }

        var resource = ResourceBuilder.CreateDefault().AddService("cluster-coordinator", serviceVersion: Hosting.CoordinatorHost.Version, serviceInstanceId: $"{Environment.MachineName}/{Environment.ProcessId}");
        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(CoordinatorMetrics.SourceName, "System.Runtime");
        if (isObserved)
        {
            Prometheus = new PrometheusExporter();
            metrics.AddReader(new BaseExportingMetricReader(Prometheus) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative });
        }

        if (isOtlp)
        {
            metrics.AddOtlpExporter();
            _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(CoordinatorMetrics.SourceName).AddOtlpExporter().Build();
        }

        _metrics = metrics.Build();
    }

    /// <summary>The metrics for who asks; null: nobody may.</summary>
    public PrometheusExporter? Prometheus { get; }

    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
    }
}
