using Cluster.Client;
using Xunit;

namespace Cluster.Functional.Jobs;

public sealed class FairnessTests
{
    [Fact]
    public async Task Two_clients_share_the_slots_whatever_they_ask_for()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { Nodes = 1, WorkersPerNode = 2 }, cancellationToken);
        await using var other = await ClusterClient.ConnectAsync(local.Address, cancellationToken: cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // The first client has far more to do, and has been there for a while.
        var greedy = CountAsync(local.Client, itemMilliseconds: 2, stop.Token);
        await greedy.Started.Task.WaitAsync(cancellationToken);
        var before = greedy.Milliseconds;
        var modest = CountAsync(other, itemMilliseconds: 10, stop.Token);
        await modest.Started.Task.WaitAsync(cancellationToken);
        (before, var modestBefore) = (greedy.Milliseconds, modest.Milliseconds);
        while (modest.Milliseconds - modestBefore < 2_000)
        {
            await modest.Next().WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
        }

        var share = (double)(greedy.Milliseconds - before) / (modest.Milliseconds - modestBefore);
        await stop.CancelAsync();
        await Task.WhenAll(greedy.Completion, modest.Completion);

        Assert.InRange(share, 0.5, 2.0);
    }

    private static Consumer CountAsync(ClusterClient client, int itemMilliseconds, CancellationToken cancellationToken)
    {
        var consumer = new Consumer();
        consumer.Completion = ConsumeAsync();
        return consumer;

        async Task ConsumeAsync()
        {
            try
            {
                await foreach (var result in client.IMapUnorderedAsync(Workload.Sleep, Enumerable.Repeat(itemMilliseconds, 1_000_000), cancellationToken: cancellationToken))
                {
                    consumer.Add(result);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The end of the measurement.
            }
        }
    }

    private sealed class Consumer
    {
        private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _milliseconds;

        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Completion { get; set; } = Task.CompletedTask;

        public long Milliseconds => Volatile.Read(ref _milliseconds);

        public Task Next() => Volatile.Read(ref _next).Task;

        public void Add(int milliseconds)
        {
            Interlocked.Add(ref _milliseconds, milliseconds);
            Started.TrySetResult();
            Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }
}
