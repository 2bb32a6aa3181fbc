using System.Text;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Xunit;
using JobsClient = Cluster.Protocol.V1.Jobs.JobsClient;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>Submitted jobs have so much room on the disk, and no more, also while they run.</summary>
public sealed class DetachedLimitTests : CoordinatorTest
{
    private const int ResultBytes = 100_000;

    [Fact]
    public async Task A_job_whose_results_do_not_fit_fails_and_keeps_those_that_do()
    {
        await using var coordinator = await TestCoordinator.StartAsync(static options => options with { KeepJobsBytes = 5 * ResultBytes / 2 });
        using var metrics = new MeterRecord(coordinator.Meter);
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a", static hello => (hello.Slots, hello.Labels["cluster.commands"]) = (1, "true")), Deadline);
        using var channel = TestChannel.Open(coordinator.Address);
        var jobs = new JobsClient(channel);

        var id = (await jobs.SubmitAsync(Request(4), cancellationToken: Deadline)).JobId;
        for (ulong index = 0; index < 3; index++)
        {
            await AnswerAsync(node, index);
        }

        var info = await EndOfAsync(jobs, id);
        Assert.Equal((JobStatus.Failed, 2UL), (info.State, info.Completed));
        Assert.Contains("--keep-jobs-mib", info.Error.Message, StringComparison.Ordinal);
        Assert.InRange(metrics["cluster.detached.size"], 2 * ResultBytes, 5 * ResultBytes / 2);
        using var results = jobs.Results(new JobResultsRequest { JobId = id }, cancellationToken: Deadline);
        List<bool> isThere = [];
        while (await results.ResponseStream.MoveNext(Deadline))
        {
            isThere.Add(results.ResponseStream.Current.Error is null);
        }

        Assert.Equal([true, true, false, false], isThere);
    }

    [Fact]
    public async Task Jobs_that_have_ended_make_room_for_it()
    {
        await using var coordinator = await TestCoordinator.StartAsync(static options => options with { KeepJobsBytes = 7 * ResultBytes / 2 });
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a", static hello => (hello.Slots, hello.Labels["cluster.commands"]) = (1, "true")), Deadline);
        using var channel = TestChannel.Open(coordinator.Address);
        var jobs = new JobsClient(channel);

        var first = (await jobs.SubmitAsync(Request(2), cancellationToken: Deadline)).JobId;
        await AnswerAsync(node, 0);
        await AnswerAsync(node, 1);
        Assert.Equal(JobStatus.Done, (await EndOfAsync(jobs, first)).State);
        Assert.Equal(first, Assert.Single((await jobs.ListAsync(new ListJobsRequest(), cancellationToken: Deadline)).Jobs).JobId);

        var second = (await jobs.SubmitAsync(Request(2), cancellationToken: Deadline)).JobId;
        await AnswerAsync(node, 0);
        await AnswerAsync(node, 1);
        var end = await EndOfAsync(jobs, second);
        Assert.Equal((JobStatus.Done, 2UL), (end.State, end.Completed));
        Assert.Equal(second, Assert.Single((await jobs.ListAsync(new ListJobsRequest(), cancellationToken: Deadline)).Jobs).JobId);
    }

    private static MapRequest Request(int items) => new() { Command = { "x" }, ChunkSize = 1, Items = { Enumerable.Range(0, items).Select(static i => Value.ForNumber(i)) } };

    private static async Task<JobInfo> EndOfAsync(JobsClient jobs, string id)
    {
        using var watch = jobs.Watch(new WatchJobRequest { JobId = id });
        JobInfo? last = null;
        while (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            last = watch.ResponseStream.Current;
        }

        return last!;
    }

    private async Task AnswerAsync(ScriptedNode node, ulong index)
    {
        var chunk = await node.ReceiveChunkAsync(Deadline);
        var item = chunk.Batches.Single().First;
        Assert.Equal(index, item);
        var json = Encoding.UTF8.GetBytes($"\"{new string('x', ResultBytes)}\"");
        var batch = new Batch { First = item, Count = 1, Format = Format.Json, Payload = ByteString.CopyFrom(json), Lengths = ByteString.CopyFrom(BitConverter.GetBytes(json.Length)) };
        await node.AnswerAsync(chunk.ChunkId, batch);
        await node.EndAsync(chunk.ChunkId);
    }
}
