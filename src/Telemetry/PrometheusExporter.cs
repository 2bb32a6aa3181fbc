using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Cluster.Telemetry;

/// <summary>Tells the metrics to whoever asks, as text.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly Lock _gate = new();
    private string _text = "";

    public Func<int, bool>? Collect { get; set; }

    /// <summary>The metrics as they are now.</summary>
    public string Read()
    {
        // One at a time: what is collected comes by way of a field.
        lock (_gate)
        {
            _ = Collect?.Invoke(Timeout.Infinite);
            return _text;
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        _text = PrometheusText.Write(batch);
        return ExportResult.Success;
    }
}
