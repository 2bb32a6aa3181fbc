using System.Net;
using System.Text.RegularExpressions;
using Cluster.Coordinator.Hosting;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>What who gathers metrics finds, and what not.</summary>
public sealed partial class MetricsDoorTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private CoordinatorHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await CoordinatorHost.StartAsync(
        new CoordinatorOptions { Listen = [ListenAddress.Parse("http://127.0.0.1:0")], MetricsListen = new IPEndPoint(IPAddress.Loopback, 0), Token = "secret" }, cancellationToken: Token);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Probes_are_answered_without_a_token()
    {
        Assert.Equal("alive\n", await _http.GetStringAsync($"{_host.MetricsAddress}/healthz", Token));
        Assert.Equal("ready\n", await _http.GetStringAsync($"{_host.MetricsAddress}/readyz", Token));
        Assert.NotEqual(_host.Addresses.Single(), _host.MetricsAddress);
    }

    [Fact]
    public async Task Metrics_are_such_as_Prometheus_reads()
    {
        using var response = await _http.GetAsync($"{_host.MetricsAddress}/metrics", Token);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var lines = (await response.Content.ReadAsStringAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("cluster_nodes_attached 0", lines);
        Assert.Contains("# TYPE cluster_nodes_attached gauge", lines);
        Assert.Contains(lines, static line => line.StartsWith("# HELP cluster_jobs_active Jobs", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("dotnet_gc_collections_total{", StringComparison.Ordinal));
        Assert.All(lines.Where(static line => line[0] != '#'), static line => Assert.Matches(Sample(), line));
        Assert.Equal(lines.Where(static line => line.StartsWith("# TYPE", StringComparison.Ordinal)).Distinct().Count(), lines.Count(static line => line.StartsWith("# TYPE", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/", HttpStatusCode.NotFound)]
    [InlineData("/cluster.v1.Jobs/Run", HttpStatusCode.NotFound)]
    [InlineData("/metrics/", HttpStatusCode.NotFound)]
    public async Task Nothing_else_is_there(string path, HttpStatusCode status)
    {
        using var response = await _http.GetAsync($"{_host.MetricsAddress}{path}", Token);
        Assert.Equal(status, response.StatusCode);
        using var posted = await _http.PostAsync($"{_host.MetricsAddress}/metrics", null, Token);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    [Fact]
    public async Task Where_jobs_are_taken_nothing_of_it_is_served_without_the_token()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{_host.Addresses[0]}/metrics") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await _http.SendAsync(request, Token);
        Assert.Equal("16", response.Headers.GetValues("grpc-status").Single());
    }

    [GeneratedRegex("""^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?)+\})? (-?[0-9.]+([eE][-+]?[0-9]+)?|\+Inf|-Inf|NaN)$""")]
    private static partial Regex Sample();
}
