using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Cluster.Client.Connection;
using Cluster.Coordinator.Hosting;
using Cluster.Node.Telemetry;
using Cluster.Protocol.V1;
using Cluster.Unit.Coordinator.Hosted;
using Xunit;

namespace Cluster.Unit.Structure;

/// <summary>docs/observability.md lists every instrument, with its kind and unit, and none besides.</summary>
public sealed partial class DocumentedTelemetryTests
{
    [Fact]
    public async Task Every_instrument_is_documented_and_no_other()
    {
        // With a journal, which has instruments of its own.
        using var data = TemporaryDirectory.Create();
        await using var coordinator = await TestCoordinator.StartAsync(options => options with { DataDirectory = data.Path });
        using var ofCoordinator = new MeterRecord(coordinator.Meter);
        using var ofNode = new MeterRecord(NodeMetrics.Meter);
        using var gauges = new NodeGauges(new NodeFigures
        {
            Slots = 1,
            IsAttached = static () => true,
            Load = static () => new Heartbeat(),
            Workers = static () => 0,
            Processes = static () => 0,
            KeptBytes = static () => 0,
            MemoryUsed = static () => 0,
            MemoryLimit = static () => 0,
            ObjectConnections = static () => 0,
            ObjectWatches = static () => 0,
        });
        using var ofThatNode = new MeterRecord(gauges.Meter);
        using var ofClient = new MeterRecord(ClientMetrics.Meter);
        var existing =
            from instrument in ofCoordinator.Instruments.Concat(ofNode.Instruments).Concat(ofThatNode.Instruments).Concat(ofClient.Instruments)
            select (instrument.Meter.Name, instrument.Name, KindOf(instrument), instrument.Unit ?? "");
        Assert.NotEmpty(ofNode.Instruments);
        Assert.NotEmpty(ofThatNode.Instruments);
        Assert.NotEmpty(ofClient.Instruments);

        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/observability.md"), TestContext.Current.CancellationToken);
        var documented =
            from section in MeterSection().Matches(text)
            from Match row in InstrumentRow().Matches(section.Groups[2].Value)
            select (section.Groups[1].Value, row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value);

        Assert.Equal(existing.Order(), documented.Order());
    }

    private static string KindOf(Instrument instrument) => instrument switch
    {
        Counter<long> => "counter",
        Histogram<double> => "histogram",
        UpDownCounter<long> => "gauge",
        { IsObservable: true } => "gauge",
        _ => instrument.GetType().Name,
    };

    // "## Meter `Cluster.Node`" and what follows, up to the next heading.
    [GeneratedRegex(@"^## Meter `([\w.]+)`$(.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex MeterSection();

    // "| `cluster.slots` | gauge | `{slot}` | …"
    [GeneratedRegex(@"^\| `([\w.]+)` \| (counter|gauge|histogram) \| `([^`]+)` \| \S", RegexOptions.Multiline)]
    private static partial Regex InstrumentRow();
}
