using Cluster.Client;
using Xunit;

namespace Cluster.Unit.Client;

public sealed class OptionsTests
{
    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        (string Option, Func<object> Make)[] wrong =
        [
            (nameof(MapOptions.ChunkSize), () => new MapOptions { ChunkSize = 0 }),
            (nameof(MapOptions.MaxInFlight), () => new MapOptions { MaxInFlight = -1 }),
            (nameof(MapOptions.OnError), () => new MapOptions { OnError = (OnError)7 }),
            (nameof(TaskOptions.Priority), () => new TaskOptions { Priority = 11 }),
            (nameof(TaskOptions.Priority), () => new MapOptions { Priority = -11 }),
            (nameof(TaskOptions.NoNodesTimeout), () => new TaskOptions { NoNodesTimeout = TimeSpan.FromSeconds(-1) }),
            (nameof(TaskOptions.Timeout), () => new TaskOptions { Timeout = TimeSpan.Zero }),
            (nameof(TaskOptions.Timeout), () => new MapOptions { Timeout = TimeSpan.FromDays(25) }),
            (nameof(RetryOptions.MaxAttempts), () => new RetryOptions { MaxAttempts = 0 }),
            (nameof(RetryOptions.Delay), () => new RetryOptions { Delay = TimeSpan.FromDays(2) }),
            (nameof(RetryOptions.MaxDelay), () => new RetryOptions { MaxDelay = TimeSpan.FromSeconds(-1) }),
            (nameof(RetryOptions.Backoff), () => new RetryOptions { Backoff = (RetryBackoff)3 }),
            (nameof(ClusterClientOptions.ConnectTimeout), () => new ClusterClientOptions { ConnectTimeout = TimeSpan.FromDays(40) }),
            (nameof(ClusterClientOptions.ReconnectTimeout), () => new ClusterClientOptions { ReconnectTimeout = TimeSpan.FromSeconds(-1) }),
            (nameof(ClusterClientOptions.NoNodesTimeout), () => new ClusterClientOptions { NoNodesTimeout = Timeout.InfiniteTimeSpan }),
        ];

        foreach (var (option, make) in wrong)
        {
            var refused = Assert.Throws<ArgumentOutOfRangeException>(make);
            Assert.Equal(option, refused.ParamName);
            Assert.Contains(option, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Defaults_are_those_that_are_documented()
    {
        var map = new MapOptions();
        var client = new ClusterClientOptions();

        Assert.Equal((null, null, 0, OnError.Throw, null), (map.ChunkSize, map.MaxInFlight, map.Priority, map.OnError, map.NoNodesTimeout));
        Assert.Equal(
            (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60)), (client.ConnectTimeout, client.NoNodesTimeout, client.ReconnectTimeout));
        Assert.Equal((null, null), (map.Timeout, map.Retry));
        var retry = new RetryOptions();
        Assert.Equal(
            (3, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), RetryBackoff.Exponential, true, 0, 0),
            (retry.MaxAttempts, retry.Delay, retry.MaxDelay, retry.Backoff, retry.UseJitter, retry.Handle.Count, retry.Ignore.Count));
    }

    [Fact]
    public void A_task_context_exists_only_inside_a_task()
    {
        Assert.False(TaskContext.IsInTask);
        Assert.False(TaskContext.TryGetCurrent(out _));
        var outside = Assert.Throws<InvalidOperationException>(() => TaskContext.Current);
        Assert.Contains("outside a task", outside.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_context_flows_with_await()
    {
        var context = new TaskContext("job-1", "a", attempt: 2, TestContext.Current.CancellationToken) { Index = 5 };
        await Task.Run(
            async () =>
            {
                TaskContext.Enter(context);
                await Task.Yield();
                Assert.Same(context, TaskContext.Current);
                Assert.Equal(("job-1", 5L, 2, "a"), (TaskContext.Current.JobId, TaskContext.Current.Index, TaskContext.Current.Attempt, TaskContext.Current.Node));
            },
            TestContext.Current.CancellationToken);

        Assert.False(TaskContext.IsInTask);
    }
}
