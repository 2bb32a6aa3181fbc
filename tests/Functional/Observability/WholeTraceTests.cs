using System.Collections.Concurrent;
using System.Diagnostics;
using Cluster.Client;
using Cluster.Functional.Node;
using Cluster.Functional.Tls;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.Coordinator;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit;
using JobsClient = Cluster.Protocol.V1.Jobs.JobsClient;

namespace Cluster.Functional.Observability;

/// <summary>One trace from the caller through coordinator, node and worker, put together from what all of them send by OTLP.</summary>
public sealed class WholeTraceTests : IAsyncLifetime
{
    private readonly ConcurrentBag<Activity> _ofSdk = [];
    private readonly ActivityListener _listener;
    private OtlpCollector _collector = null!;
    private CoordinatorProcess _coordinator = null!;
    private NodeProcess _node = null!;

    public WholeTraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Cluster.Client",
            Sample = static (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = _ofSdk.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _collector = await OtlpCollector.StartAsync(Token);
        _coordinator = await CoordinatorProcess.StartAsync(_collector.Variables, "--listen", "http://127.0.0.1:0", "--journal", "memory");
        string[] environment = ["env", .. _collector.Variables.Select(static pair => $"{pair.Key}={pair.Value}")];
        _node = new NodeProcess(environment, _coordinator.Address, "--name", "blade", "--allow-commands");
        await _node.ReadLineAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _coordinator.DisposeAsync();
        await _collector.DisposeAsync();
        _listener.Dispose();
    }

    [Fact]
    public async Task A_map_is_a_trace_from_the_call_to_the_workers()
    {
        using var caller = Caller(ActivityTraceFlags.Recorded);
        await using (var client = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: Token))
        {
            await client.MapAsync(static x => x + 1, [1, 2, 3, 4], new MapOptions { ChunkSize = 1 }, Token).Within();
        }

        caller.Stop();
        var sdk = Assert.Single(_ofSdk, span => span.TraceId == caller.TraceId);
        Assert.Equal(("job", caller.SpanId), (sdk.OperationName, sdk.ParentSpanId));
        await AssertTraceAsync(caller, sdk.SpanId.ToHexString(), chunks: 4);
        await _collector.WaitForMetricsAsync("cluster.node.items.answered");
    }

    [Fact]
    public async Task Submitted_tasks_belong_to_the_trace_of_whoever_submits_them()
    {
        using var first = Caller(ActivityTraceFlags.Recorded);
        await using var client = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: Token);
        Assert.Equal(5, await client.Submit(static x => x + 1, 4, cancellationToken: Token).Task.Within());
        first.Stop();
        using var second = Caller(ActivityTraceFlags.Recorded);
        Assert.Equal(6, await client.Submit(static x => x + 1, 5, cancellationToken: Token).Task.Within());
        second.Stop();
        await client.DisposeAsync();

        foreach (var caller in (Activity[])[first, second])
        {
            var sdk = Assert.Single(_ofSdk, span => span.TraceId == caller.TraceId);
            Assert.Equal(("submit", caller.SpanId), (sdk.OperationName, sdk.ParentSpanId));
            await AssertTraceAsync(caller, sdk.SpanId.ToHexString(), chunks: 1);
        }
    }

    [Fact]
    public async Task A_process_belongs_to_the_trace_of_whoever_starts_it()
    {
        using var caller = Caller(ActivityTraceFlags.Recorded);
        await using (var client = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: Token))
        {
            var process = await client.StartProcessAsync(static () => { }, cancellationToken: Token).Within();
            await process.JoinAsync(cancellationToken: Token).Within();
        }

        caller.Stop();
        var sdk = Assert.Single(_ofSdk, span => span.TraceId == caller.TraceId);
        await AssertTraceAsync(caller, sdk.SpanId.ToHexString(), chunks: 1);
    }

    [Fact]
    public async Task Calls_of_people_belong_to_the_trace_in_their_metadata()
    {
        using var caller = Caller(ActivityTraceFlags.Recorded);
        caller.Stop();
        using var channel = TestChannel.Open(_coordinator.Address);
        var jobs = new JobsClient(channel);
        var headers = new Metadata { { "traceparent", caller.Id! } };
        await jobs.MapAsync(Request(), headers, cancellationToken: Token);
        await AssertTraceAsync(caller, caller.SpanId.ToHexString(), chunks: 1);
    }

    [Fact]
    public async Task So_do_submitted_jobs()
    {
        using var caller = Caller(ActivityTraceFlags.Recorded);
        caller.Stop();
        using var channel = TestChannel.Open(_coordinator.Address);
        var jobs = new JobsClient(channel);
        await jobs.SubmitAsync(Request(), new Metadata { { "traceparent", caller.Id! } }, cancellationToken: Token);
        await AssertTraceAsync(caller, caller.SpanId.ToHexString(), chunks: 1);
    }

    [Fact]
    public async Task What_the_caller_does_not_record_nobody_does()
    {
        using var unrecorded = Caller(ActivityTraceFlags.None);
        await using var client = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: Token);
        var parents = await client.MapAsync(static _ => Activity.Current?.TraceId.ToHexString() ?? "", [1, 2], cancellationToken: Token).Within();
        await client.Submit(static x => x + 1, 4, cancellationToken: Token).Task.Within();
        unrecorded.Stop();

        // A trace that comes after it has come: so would it have.
        using var recorded = Caller(ActivityTraceFlags.Recorded);
        await client.MapAsync(static x => x, [1], cancellationToken: Token).Within();
        recorded.Stop();
        await client.DisposeAsync();
        await AssertTraceAsync(recorded, _ofSdk.Single(span => span.TraceId == recorded.TraceId).SpanId.ToHexString(), chunks: 1);

        Assert.All(parents, trace => Assert.Equal(unrecorded.TraceId.ToHexString(), trace));
        Assert.DoesNotContain(_collector.Spans, span => span.TraceId == unrecorded.TraceId.ToHexString());
        Assert.DoesNotContain(_ofSdk, span => span.TraceId == unrecorded.TraceId);
    }

    private static Activity Caller(ActivityTraceFlags flags) => new Activity("caller") { ActivityTraceFlags = flags }.SetIdFormat(ActivityIdFormat.W3C).Start();

    private static MapRequest Request() => new() { Command = { "true" }, Items = { Value.ForNumber(1) } };

    private async Task AssertTraceAsync(Activity caller, string parent, int chunks)
    {
        var trace = caller.TraceId.ToHexString();
        var spans = await _collector.WaitForSpansAsync(trace, 1 + (2 * chunks));
        var job = Assert.Single(spans, static span => span.Service == "cluster-coordinator");
        Assert.Equal(("job", parent), (job.Name, job.ParentId));
        var held = spans.Where(static span => span.Service == "cluster-node").ToArray();
        Assert.Equal(chunks, held.Length);
        Assert.All(held, span => Assert.Equal(("chunk", job.Id, "blade", "done", job.Tags["cluster.job.id"]), (span.Name, span.ParentId, span.Tags["cluster.node"], span.Tags["cluster.chunk.end"], span.Tags["cluster.job.id"])));
        var runs = spans.Where(static span => span.Service == "cluster-worker").ToArray();
        Assert.All(runs, static span => Assert.Equal("run", span.Name));
        Assert.Equal(held.Select(static span => span.Id).Order(), runs.Select(static span => span.ParentId).Order());
    }
}
