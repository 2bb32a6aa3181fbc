using System.Runtime.CompilerServices;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Cluster.Telemetry;

/// <summary>
/// Brings metrics and traces of a program to those who gather them: Prometheus, which asks, and OTLP, where the standard variables (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and the rest) say where
/// to. Nothing is gathered that nobody wants, and OpenTelemetry is not even loaded then.
/// </summary>
public sealed class TelemetryExport : IDisposable
{
    private const string OtlpVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // At the end of a program; a collector that does not answer does not keep it.
    private const int MetricsMilliseconds = 2000;
    private const int TracesMilliseconds = 8000;

    private readonly Gathering? _gathering;

    private TelemetryExport(Gathering? gathering, Func<string>? readMetrics) => (_gathering, ReadMetrics) = (gathering, readMetrics);

    /// <summary>Whether the environment asks for OTLP.</summary>
    public static bool IsOtlpWanted => Environment.GetEnvironmentVariable(OtlpVariable) is { Length: > 0 };

    /// <summary>The metrics for who asks, in Prometheus's text format; null: nobody may.</summary>
    public Func<string>? ReadMetrics { get; }

    /// <summary>Begins to gather.</summary>
    /// <param name="service">What program it is: <c>service.name</c>, where <c>OTEL_SERVICE_NAME</c> does not say another.</param>
    /// <param name="instance">Which of them: <c>service.instance.id</c>.</param>
    /// <param name="version">Its version.</param>
    /// <param name="source">The name of its meter and of its source of activities.</param>
    /// <param name="isObserved">Whether somebody may ask for metrics.</param>
    /// <param name="moreMeters">Other meters that it has.</param>
    public static TelemetryExport Start(string service, string instance, string version, string source, bool isObserved, params string[] moreMeters) =>
        isObserved || IsOtlpWanted ? Gather(service, instance, version, source, isObserved, IsOtlpWanted, moreMeters) : new TelemetryExport(null, null);

    /// <summary>Begins to send traces, and no metrics, by OTLP; null: nobody wants them.</summary>
    /// <inheritdoc cref="Start"/>
    public static IDisposable? StartTraces(string service, string instance, string version, string source) =>
        IsOtlpWanted ? GatherTraces(service, instance, version, source) : null;

    /// <summary>Sends what has been gathered, metrics within two seconds and traces within eight, and ends.</summary>
    public void Dispose() => _gathering?.Dispose();

    // These two by themselves, so that OpenTelemetry's assemblies are not loaded where nothing is gathered: most programs start without it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TelemetryExport Gather(string service, string instance, string version, string source, bool isObserved, bool isOtlp, string[] moreMeters)
    {
        var resource = Resource(service, instance, version);
        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter([source, "System.Runtime", .. moreMeters]);
        PrometheusExporter? prometheus = null;
        if (isObserved)
        {
            prometheus = new PrometheusExporter();
            metrics.AddReader(new BaseExportingMetricReader(prometheus) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative });
        }

        if (isOtlp)
        {
            metrics.AddOtlpExporter();
        }

        return new TelemetryExport(new Gathering(metrics.Build(), isOtlp ? SendTraces(resource, source) : null), prometheus is null ? null : prometheus.Read);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Gathering GatherTraces(string service, string instance, string version, string source) => new(null, SendTraces(Resource(service, instance, version), source));

    private static TracerProvider SendTraces(ResourceBuilder resource, string source) =>
        Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(source).AddOtlpExporter().Build();

    private static ResourceBuilder Resource(string service, string instance, string version) => ResourceBuilder.CreateEmpty()
        .AddService(service, serviceVersion: version, serviceInstanceId: instance)
        .AddAttributes([new("process.pid", (long)Environment.ProcessId), new("host.name", Environment.MachineName)])
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    private sealed class Gathering(MeterProvider? metrics, TracerProvider? traces) : IDisposable
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public void Dispose()
        {
            metrics?.Shutdown(MetricsMilliseconds);
            metrics?.Dispose();
            traces?.Shutdown(TracesMilliseconds);
            traces?.Dispose();
        }
    }
}
