using System.Diagnostics;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Cluster.Unit.Structure;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>Every job is an activity that says what it was and how it ended.</summary>
public sealed class JobActivityTests : CoordinatorTest
{
    private const string Source = "Cluster.Coordinator";

    [Fact]
    public async Task A_job_is_an_activity_with_its_tags()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var traced = new TracedJob();
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, traced.Spec(), Deadline);
        await job.SendAsync(RawBatches.Of(0, 2));
        await job.EndAsync(2);
        for (var i = 0; i < 2; i++)
        {
            var chunk = await node.ReceiveChunkAsync(Deadline);
            await (i == 0 ? node.AnswerAsync(chunk.ChunkId, RawBatches.Square(chunk.Batches[0])) : node.FailAsync(chunk.ChunkId, chunk.Batches[0].First, "no."));
            await node.EndAsync(chunk.ChunkId);
        }

        await job.CollectAsync(Deadline);
        var activity = await traced.Stopped.WaitAsync(Deadline);

        Assert.Equal(("job", Source, ActivityStatusCode.Unset), (activity.OperationName, activity.Source.Name, activity.Status));
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["cluster.job.id"] = job.JobId,
                ["cluster.job.name"] = traced.Name,
                ["cluster.job.items"] = 2L,
                ["cluster.job.items.answered"] = 1L,
                ["cluster.job.items.failed"] = 1L,
            },
            activity.TagObjects.ToDictionary());
    }

    [Fact]
    public async Task Every_tag_is_documented()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var traced = new TracedJob();
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, traced.Spec(), Deadline);
        await job.EndAsync(0);
        await job.CollectAsync(Deadline);
        var activity = await traced.Stopped.WaitAsync(Deadline);

        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/observability.md"), Deadline);
        Assert.Contains($"The source `{activity.Source.Name}` has one activity, `{activity.OperationName}`", text, StringComparison.Ordinal);
        Assert.All(activity.TagObjects, tag => Assert.Contains($"| `{tag.Key}` | ", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_job_whose_code_cannot_be_had_is_an_error_with_the_reason()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var traced = new TracedJob();
        using var job = await ScriptedJob.OpenAsync(coordinator.Address, traced.Spec(), Deadline);
        await job.SendAsync(RawBatches.Of(0, 1));
        await job.EndAsync(1);
        var chunk = await node.ReceiveChunkAsync(Deadline);
        await node.EndAsync(chunk.ChunkId, ChunkEnd.CodeFailed, new ErrorInfo { Kind = ErrorKind.Code, Message = "App.dll is damaged." });
        await job.CollectAsync(Deadline);

        var activity = await traced.Stopped.WaitAsync(Deadline);
        Assert.Equal(ActivityStatusCode.Error, activity.Status);
        Assert.Contains("App.dll is damaged.", activity.StatusDescription, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_whose_client_leaves_is_an_error_that_still_says_how_far_it_came()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var node = await ScriptedNode.AttachAsync(coordinator.Address, ScriptedNode.Hello("a"), Deadline);
        using var traced = new TracedJob();
        var job = await ScriptedJob.OpenAsync(coordinator.Address, traced.Spec(), Deadline);
        await job.SendAsync(RawBatches.Of(0, 1));
        await node.ReceiveChunkAsync(Deadline);
        job.Dispose();

        var activity = await traced.Stopped.WaitAsync(Deadline);
        Assert.Equal(ActivityStatusCode.Error, activity.Status);
        Assert.Equal(1L, activity.GetTagItem("cluster.job.items"));
    }

    /// <summary>Listens for one job's activity; other tests have jobs of other names.</summary>
    private sealed class TracedJob : IDisposable
    {
        private readonly TaskCompletionSource<Activity> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ActivityListener _listener;

        public TracedJob()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == Source,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = activity =>
                {
                    if (activity.GetTagItem("cluster.job.name") as string == Name)
                    {
                        _stopped.TrySetResult(activity);
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public string Name { get; } = $"traced-{Guid.NewGuid():N}";

        public Task<Activity> Stopped => _stopped.Task;

        public JobSpec Spec() => ScriptedJob.Spec(spec => (spec.Name, spec.ChunkSize) = (Name, 1));

        public void Dispose() => _listener.Dispose();
    }
}
