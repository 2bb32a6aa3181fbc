using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>Jobs that were broken off and go on: their clients have some of the answers.</summary>
public sealed class SkippedItemTests : CoordinatorTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_is_not_skipped_is_answered_once_and_under_its_index(int seed)
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await ServeAsync(coordinator.Address, "a");
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.WantProgress = true), Deadline);
        var random = new Random(seed);
        var expected = new HashSet<ulong>();
        ulong next = 0;
        while (next < 2000)
        {
            var count = random.Next(1, 50);
            if (random.Next(2) == 0)
            {
                await job.SendAsync(Skip(next, (ulong)count));
            }
            else
            {
                await job.SendAsync(RawBatches.Of(next, count));
                expected.UnionWith(Enumerable.Range((int)next, count).Select(item => (ulong)item));
            }

            next += (ulong)count;
        }

        await job.EndAsync(next);
        var record = await job.CollectAsync(Deadline);

        Assert.Null(record.End!.Error);
        Assert.Equal(expected.Order(), record.Values.Keys.Order());
        Assert.All(record.Values, item => Assert.Equal((long)(item.Key * item.Key), Assert.Single(item.Value)));
        var last = record.Replies.Last(reply => reply.Progress is not null).Progress;
        Assert.Equal((next, next, 0UL), (last.Received, last.Completed, last.Failed));
    }

    [Fact]
    public async Task A_job_of_which_everything_is_answered_ends_at_once()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(), Deadline);
        await job.SendAsync(Skip(0, 5));
        await job.EndAsync(5);
        var record = await job.CollectAsync(Deadline);
        Assert.Null(record.End!.Error);
        Assert.Empty(record.Values);
    }

    [Fact]
    public async Task Pinned_items_keep_their_nodes()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await ServeAsync(coordinator.Address, "a");
        await ServeAsync(coordinator.Address, "b");
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, ScriptedJob.Spec(spec => spec.PinNodes.AddRange(["a", "a", "b"])), Deadline);
        await job.SendAsync(Skip(0, 2));
        await job.SendAsync(RawBatches.Of(2, 1));
        await job.EndAsync(3);
        var record = await job.CollectAsync(Deadline);
        Assert.Equal("b", record.Replies.Single(reply => reply.Results is not null).Results.Node);
        Assert.Equal([2UL], record.Values.Keys);
    }

    private static RunRequest Skip(ulong first, ulong count) => new() { SkipItems = new SkipItems { First = first, Count = count } };
}
