using Cluster.Client;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.FakeCoordinators;
using Grpc.Core;
using Xunit;
using OnError = Cluster.Client.OnError;
using V1OnError = Cluster.Protocol.V1.OnError;

namespace Cluster.Unit.Client.Detached;

/// <summary>What the coordinator is asked for when a job is submitted, and what is refused here.</summary>
public sealed class SubmissionSpecTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Options_become_terms()
    {
        var spec = await SubmittedAsync(new JobOptions
        {
            Name = "squares",
            RequestId = "nightly",
            Labels = new Dictionary<string, string> { ["team"] = "a" },
            Requires = new Dictionary<string, string> { ["gpu"] = "yes" },
            Priority = 3,
            ChunkSize = 7,
            Speculate = true,
            OnError = OnError.Collect,
            Timeout = TimeSpan.FromSeconds(5),
            Retry = new RetryOptions { MaxAttempts = 4 },
            NoNodesTimeout = TimeSpan.FromMinutes(3),
        });
        Assert.Equal(("squares", "nightly", "a", "yes"), (spec.Name, spec.Detach.RequestId, spec.Detach.Labels["team"], spec.Requires["gpu"]));
        Assert.Equal((3, 7U, true, V1OnError.Collect), (spec.Priority, spec.ChunkSize, spec.Speculate, spec.OnError));
        Assert.Equal((5L, 4U, 180L, 3UL), (spec.ItemTimeout.Seconds, spec.Retry.MaxAttempts, spec.NoNodesTimeout.Seconds, spec.ExpectedCount));
        Assert.Equal(("int", false, 32), (spec.Detach.ResultType, spec.WantOutput, spec.Key.Length));
        Assert.Contains("Square", spec.Detach.Function, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_default_it_stops_at_the_first_failure_and_waits_for_nodes_for_ever()
    {
        var spec = await SubmittedAsync(null);
        Assert.Equal((V1OnError.Stop, null, "", 0), (spec.OnError, spec.NoNodesTimeout, spec.Detach.RequestId, spec.Detach.Labels.Count));
    }

    [Fact]
    public async Task A_coordinator_that_would_only_run_it_is_refused()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(job => job.AcceptAsync());
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var refused = await Assert.ThrowsAsync<ClusterException>(() => cluster.SubmitJobAsync(Sample.Square, [1], cancellationToken: Token)).Within();
        Assert.Contains("another version", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_all_items_are_stored_is_not_the_end()
    {
        var opened = 0;
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await AcceptAsync(job);
            if (++opened == 1)
            {
                var items = await job.ReadInputsAsync();
                await job.AnswerAsync(new Batch { First = 0, Count = items.Count, Format = Format.Raw });
                await job.ReadUntilAsync(RunRequest.RequestOneofCase.EndInputs);
                throw new RpcException(new Status(StatusCode.Unavailable, "The coordinator is shutting down."));
            }

            var skipped = await job.ReadUntilAsync(RunRequest.RequestOneofCase.SkipItems);
            Assert.Equal(3UL, skipped.SkipItems.Count);
            await job.ReadUntilAsync(RunRequest.RequestOneofCase.EndInputs);
            await job.SendAsync(new RunReply { End = new JobEnd() });
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var job = await cluster.SubmitJobAsync(Sample.Square, [1, 2, 3], cancellationToken: Token).Within();
        Assert.Equal((2, "d1", false), (opened, job.Id, job.WasKnown));
    }

    [Fact]
    public async Task What_has_no_place_is_refused_at_the_call()
    {
        Assert.Throws<ArgumentException>(() => new JobOptions { RequestId = "" });
        Assert.Throws<ArgumentException>(() => new JobOptions { RequestId = new string('x', 129) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new JobOptions { ChunkSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new JobOptions { OnError = (OnError)9 });
        await using var coordinator = await FakeCoordinator.StartAsync(job => job.AcceptAsync());
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        Assert.Throws<ArgumentException>(() => { _ = cluster.SubmitJobAsync(Sample.Square, [1], new JobOptions { OnOutput = _ => { } }, Token); });
        Assert.Throws<ArgumentNullException>(() => { _ = cluster.SubmitJobAsync((Func<int, int>)null!, [1], cancellationToken: Token); });
        Assert.Throws<ArgumentNullException>(() => { _ = cluster.SubmitJobAsync(Sample.Square, (IEnumerable<int>)null!, cancellationToken: Token); });
        Assert.Throws<ArgumentException>(() => cluster.GetJob(""));
        await cluster.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cluster.GetJob("d1").GetStatusAsync(Token));
    }

    private static async Task<JobSpec> SubmittedAsync(JobOptions? options)
    {
        JobSpec? spec = null;
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            spec = job.Spec;
            await AcceptAsync(job);
            await job.ReadUntilAsync(RunRequest.RequestOneofCase.EndInputs);
            await job.SendAsync(new RunReply { End = new JobEnd() });
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        Assert.Equal("d1", (await cluster.SubmitJobAsync(Sample.Square, [1, 2, 3], options, Token).Within()).Id);
        return spec!;
    }

    private static Task AcceptAsync(FakeJob job) => job.SendAsync(new RunReply { Accepted = new Accepted { JobId = "d1", MaxBytesInFlight = 1 << 20, MaxItemBytes = 1 << 20, Detached = true } });
}
