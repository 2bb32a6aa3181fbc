using System.Diagnostics.Metrics;
using Cluster.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Xunit;

namespace Cluster.Unit.Coordinator.Telemetry;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly Meter _meter = new($"test-{Guid.NewGuid():N}");
    private readonly PrometheusExporter _exporter = new();
    private readonly MeterProvider _provider;

    public PrometheusTextTests() => _provider = Sdk.CreateMeterProviderBuilder()
        .AddMeter(_meter.Name)
        .AddView("item.duration", new ExplicitBucketHistogramConfiguration { Boundaries = [0.5, 2] })
        .AddReader(new BaseExportingMetricReader(_exporter) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative })
        .Build();

    public void Dispose()
    {
        _provider.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Counters_only_grow_and_tell_their_tags_apart()
    {
        var counter = _meter.CreateCounter<long>("calls.refused", "{call}", "Calls, with \\ and\nlines.");
        counter.Add(2, new KeyValuePair<string, object?>("role.name", "a \"quoted\\\" one"));
        _exporter.Read();
        counter.Add(3, new KeyValuePair<string, object?>("role.name", "a \"quoted\\\" one"));
        Assert.Equal(
            """
            # HELP calls_refused_total Calls, with \\ and\nlines.
            # TYPE calls_refused_total counter
            calls_refused_total{role_name="a \"quoted\\\" one"} 5

            """,
            _exporter.Read());
    }

    [Fact]
    public void Gauges_are_as_they_are()
    {
        _meter.CreateObservableUpDownCounter("slots", static () => -3, "{slot}", "");
        _meter.CreateObservableGauge("load", static () => 0.25, "1", "Share.");
        Assert.Equal("# HELP slots \n# TYPE slots gauge\nslots -3\n# HELP load_ratio Share.\n# TYPE load_ratio gauge\nload_ratio 0.25\n", _exporter.Read());
    }

    [Fact]
    public void Histograms_have_buckets_that_add_up()
    {
        var histogram = _meter.CreateHistogram<double>("item.duration", "s", "Time.");
        histogram.Record(0.25);
        histogram.Record(1);
        histogram.Record(8);
        Assert.Equal(
            """
            # HELP item_duration_seconds Time.
            # TYPE item_duration_seconds histogram
            item_duration_seconds_bucket{le="0.5"} 1
            item_duration_seconds_bucket{le="2"} 2
            item_duration_seconds_bucket{le="+Inf"} 3
            item_duration_seconds_sum 9.25
            item_duration_seconds_count 3

            """,
            _exporter.Read());
    }

    [Theory]
    [InlineData("cluster.inputs.size", "By", "counter", "cluster_inputs_size_bytes_total")]
    [InlineData("cluster.jobs", "{job}", "counter", "cluster_jobs_total")]
    [InlineData("a-b/c", "", "gauge", "a_b_c")]
    [InlineData("share", "1", "gauge", "share_ratio")]
    [InlineData("odd", "furlong", "gauge", "odd")]
    public void Names_follow_the_rules(string name, string unit, string type, string expected) => Assert.Equal(expected, PrometheusText.NameOf(name, unit, type));
}
