using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Grpc.Core;
using Xunit;
using JobsClient = Cluster.Protocol.V1.Jobs.JobsClient;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>Jobs that are kept, message by message.</summary>
public sealed class SubmissionServiceTests : CoordinatorTest
{
    private const string Key = "a-key-of-sixteen";

    [Fact]
    public async Task Items_are_answered_when_they_are_stored_and_the_job_runs_when_all_are()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var submitting = await ScriptedJob.OpenAsync(coordinator.Address, Spec(), Deadline);
        await submitting.SendAsync(RawBatches.Of(0, 3));
        Assert.Equal((0UL, 3U), await StoredAsync(submitting));
        using var channel = TestChannel.Open(coordinator.Address);
        var jobs = new JobsClient(channel);
        var early = await Assert.ThrowsAsync<RpcException>(async () => await jobs.GetAsync(new GetJobRequest { JobId = submitting.JobId }, cancellationToken: Deadline));
        Assert.Equal(StatusCode.NotFound, early.StatusCode);
        await submitting.EndAsync(3);
        Assert.Null((await submitting.ReceiveAsync(reply => reply.End is not null, Deadline)).End.Error);
        await ServeAsync(coordinator.Address, "node");
        Assert.Equal([0L, 1, 4], await ResultsAsync(jobs, submitting.JobId));

        // Whoever did not hear of the end asks again.
        using var again = await ScriptedJob.OpenAsync(coordinator.Address, Spec(), Deadline);
        Assert.Equal(submitting.JobId, again.JobId);
        Assert.Null((await again.ReceiveAsync(Deadline)).End.Error);
    }

    [Fact]
    public async Task A_call_that_broke_is_followed_by_another()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await ServeAsync(coordinator.Address, "node");
        using (var first = await ScriptedJob.OpenAsync(coordinator.Address, Spec(), Deadline))
        {
            await first.SendAsync(RawBatches.Of(0, 4));
            await StoredAsync(first);
            await first.SendAsync(RawBatches.Of(4, 1));
            await StoredAsync(first);

            // The first call is still there.
            using var second = await ScriptedJob.OpenAsync(coordinator.Address, Spec(), Deadline);
            Assert.Equal(first.JobId, second.JobId);
            var ended = await Assert.ThrowsAsync<RpcException>(() => first.ReceiveAsync(Deadline));
            Assert.Equal(StatusCode.Unavailable, ended.StatusCode);
            await second.SendAsync(new RunRequest { SkipItems = new SkipItems { Count = 2 } });
            await second.SendAsync(RawBatches.Of(2, 4));
            Assert.Equal((2UL, 4U), await StoredAsync(second));
            await second.EndAsync(6);
            Assert.Null((await second.ReceiveAsync(reply => reply.End is not null, Deadline)).End.Error);
        }

        using var channel = TestChannel.Open(coordinator.Address);
        Assert.Equal([0L, 1, 4, 9, 16, 25], await ResultsAsync(new JobsClient(channel), (await ScriptedJob.OpenAsync(coordinator.Address, Spec(), Deadline)).JobId));
    }

    [Fact]
    public async Task What_breaks_the_protocol_ends_the_submission()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        foreach (var (request, expected) in new (RunRequest, string)[]
        {
            (new RunRequest { Inputs = RawBatches.Of(2, 1) }, "item 2"),
            (new RunRequest { SkipItems = new SkipItems { Count = 9 } }, "has lost some"),
            (new RunRequest { EndInputs = new EndInputs { Count = 9 } }, "counts 9 items"),
            (new RunRequest { Open = Spec() }, "Open"),
            (new RunRequest { CancelJob = new CancelJob() }, "was cancelled"),
        })
        {
            using var job = await ScriptedJob.OpenAsync(coordinator.Address, Spec(), Deadline);
            await job.SendAsync(request);
            Assert.Contains(expected, (await job.ReceiveAsync(reply => reply.End is not null, Deadline)).End.Error.Message, StringComparison.Ordinal);
        }

        using var silent = await ScriptedJob.OpenAsync(coordinator.Address, Spec(), Deadline);
        await silent.CompleteAsync();
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => silent.ReceiveAsync(Deadline))).StatusCode);
        var refused = await Assert.ThrowsAsync<RpcException>(() => ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.Detach = new Detachment()), Deadline));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    [Fact]
    public async Task Without_room_on_the_disk_nothing_is_taken_and_nothing_left()
    {
        await using var coordinator = await TestCoordinator.StartAsync(options => options with { KeepJobsBytes = 2 << 20 });
        for (var time = 0; time < 2; time++)
        {
            using var job = await ScriptedJob.OpenAsync(coordinator.Address, Spec(), Deadline);
            var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            {
                for (ulong first = 0; ; first += 60_000)
                {
                    await job.SendAsync(RawBatches.Of(first, 60_000));
                    Assert.Equal((first, 60_000U), await StoredAsync(job));
                }
            });
            Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
            Assert.Contains("Wait for some, or cancel them", refused.Status.Detail, StringComparison.Ordinal);
        }
    }

    private static JobSpec Spec() => ScriptedJob.Spec(spec => (spec.Key, spec.Detach) = (Key, new Detachment { ResultType = "long" }));

    private async Task<(ulong First, uint Count)> StoredAsync(ScriptedJob job)
    {
        var stored = Assert.Single((await job.ReceiveAsync(Deadline)).Results.Batches);
        return (stored.First, stored.Count);
    }

    private async Task<List<long>> ResultsAsync(JobsClient jobs, string id)
    {
        using var call = jobs.ResultBatches(new JobResultsRequest { JobId = id }, cancellationToken: Deadline);
        List<long> values = [];
        while (await call.ResponseStream.MoveNext(Deadline))
        {
            values.AddRange(call.ResponseStream.Current.Batches.SelectMany(RawBatches.Read));
        }

        return values;
    }
}
