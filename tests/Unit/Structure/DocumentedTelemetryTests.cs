using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Cluster.Client.Connection;
using Cluster.Node.Session;
using Cluster.Node.Workers.Memory;
using Cluster.Unit.Coordinator.Hosted;
using Xunit;

namespace Cluster.Unit.Structure;

/// <summary>docs/observability.md lists every instrument, with its kind and unit, and none besides.</summary>
public sealed partial class DocumentedTelemetryTests
{
    [Fact]
    public async Task Every_instrument_is_documented_and_no_other()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var ofCoordinator = new MeterRecord(coordinator.Meter);
        RuntimeHelpers.RunClassConstructor(typeof(MemoryMetrics).TypeHandle);
        using var ofNode = new MeterRecord(Reconnecting.Meter);
        using var ofClient = new MeterRecord(ClientMetrics.Meter);
        var existing =
            from instrument in ofCoordinator.Instruments.Concat(ofNode.Instruments).Concat(ofClient.Instruments)
            select (instrument.Meter.Name, instrument.Name, instrument.IsObservable ? "gauge" : "counter", instrument.Unit ?? "");
        Assert.NotEmpty(ofNode.Instruments);
        Assert.NotEmpty(ofClient.Instruments);

        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/observability.md"), TestContext.Current.CancellationToken);
        var documented =
            from section in MeterSection().Matches(text)
            from Match row in InstrumentRow().Matches(section.Groups[2].Value)
            select (section.Groups[1].Value, row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value);

        Assert.Equal(existing.Order(), documented.Order());
    }

    // "## Meter `Cluster.Node`" and what follows, up to the next heading.
    [GeneratedRegex(@"^## Meter `([\w.]+)`$(.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex MeterSection();

    // "| `cluster.slots` | gauge | `{slot}` | …"
    [GeneratedRegex(@"^\| `([\w.]+)` \| (counter|gauge) \| `([^`]+)` \| \S", RegexOptions.Multiline)]
    private static partial Regex InstrumentRow();
}
