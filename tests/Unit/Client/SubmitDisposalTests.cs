using System.Collections.Concurrent;
using Cluster.Client;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.FakeCoordinators;
using Xunit;

namespace Cluster.Unit.Client;

/// <summary>Whatever a client's end races with: a task that was taken on is over at some time, and one that is not taken on says so.</summary>
public sealed class SubmitDisposalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_taken_on_once_the_streams_are_given_up()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(HoldAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        // The connection follows a moment later.
        cluster.Submissions.Dispose();

        Assert.Throws<ObjectDisposedException>(() => { _ = cluster.Submit(Sample.Square, 1, cancellationToken: Token); });
    }

    [Fact]
    public async Task Streams_that_begin_after_the_connection_has_ended_cancel_their_tasks()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(HoldAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var futures = Enumerable.Range(0, 40).Select(i => cluster.Submit(Sample.Square, i, new TaskOptions { Name = $"task {i}" }, Token)).ToArray();

        // Each of the first streams that ends lets one begin that has waited for it.
        await cluster.Connection.DisposeAsync().AsTask().Within();

        foreach (var future in futures)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => future.Task.Within());
        }
    }

    [Fact]
    public async Task Every_task_that_was_taken_on_while_the_client_is_disposed_is_over_afterwards()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(HoldAsync);
        var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var taken = new ConcurrentQueue<ClusterFuture>();
        var manyTaken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var submitters = Enumerable.Range(0, 4).Select(submitter => Task.Run(
            () =>
            {
                try
                {
                    for (var i = 0; ; i++)
                    {
                        // Some share a stream, some have a stream of their own that waits.
                        taken.Enqueue(cluster.Submit(Sample.Square, i, new TaskOptions { Name = $"task {i % 50}" }, Token));
                        if (i == 100)
                        {
                            manyTaken.TrySetResult();
                        }
                    }
                }
                catch (ObjectDisposedException)
                {
                    // The only way in which a client refuses.
                }
            },
            Token)).ToArray();

        await manyTaken.Task.Within();
        await cluster.DisposeAsync().AsTask().Within();
        await Task.WhenAll(submitters).Within();

        foreach (var future in taken)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => future.Task.Within());
        }
    }

    private static async Task HoldAsync(FakeJob job)
    {
        await job.AcceptAsync();
        await job.ReadUntilAsync(RunRequest.RequestOneofCase.CancelJob);
        await job.EndAsync(new ErrorInfo { Kind = ErrorKind.Cancelled });
    }
}
