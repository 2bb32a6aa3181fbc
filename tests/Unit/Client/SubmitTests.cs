using System.Collections.Concurrent;
using Cluster.Client;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.FakeCoordinators;
using Cluster.TestKit.Time;
using Xunit;

namespace Cluster.Unit.Client;

public sealed class SubmitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tasks_of_one_function_share_a_stream_and_each_gets_its_own_result()
    {
        var jobs = 0;
        await using var coordinator = await FakeCoordinator.StartAsync(job =>
        {
            Interlocked.Increment(ref jobs);
            return FakeScripts.EchoAsync(job);
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var futures = Enumerable.Range(0, 20_000).Select(i => cluster.Submit(Sample.Square, i, cancellationToken: Token)).ToArray();
        var results = await Task.WhenAll(futures.Select(future => future.Task)).Within();

        Assert.Equal(Enumerable.Range(0, 20_000), results);
        Assert.Equal(1, jobs);
        Assert.Equal("fake", futures[0].Node);
        Assert.Equal(20_000, futures.Select(future => future.Id).Distinct().Count());
    }

    [Fact]
    public async Task Tasks_that_differ_in_what_they_captured_share_a_stream()
    {
        var specs = new ConcurrentQueue<JobSpec>();
        await using var coordinator = await FakeCoordinator.StartAsync(job =>
        {
            specs.Enqueue(job.Spec);
            return FakeScripts.Json("7")(job);
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var futures = Enumerable.Range(0, 1_000).Select(i => cluster.Submit(() => i * 10, cancellationToken: Token)).ToArray();
        await Task.WhenAll(futures.Select(future => future.Task)).Within();

        var spec = Assert.Single(specs);
        Assert.True(spec.CapturesInItems);
        Assert.Equal(Format.Bytes, spec.InputFormat);
        Assert.Empty(spec.Function.Target);
    }

    [Fact]
    public async Task Large_captured_values_are_sent_once_for_all_tasks_that_share_them()
    {
        var specs = new ConcurrentQueue<JobSpec>();
        await using var coordinator = await FakeCoordinator.StartAsync(job =>
        {
            specs.Enqueue(job.Spec);
            return FakeScripts.Json("7")(job);
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var text = new string('x', 100_000);

        var futures = Enumerable.Range(0, 100).Select(i => cluster.Submit(x => text.Length + x, i, cancellationToken: Token)).ToArray();
        await Task.WhenAll(futures.Select(future => future.Task)).Within();

        var spec = Assert.Single(specs);
        Assert.False(spec.CapturesInItems);
        Assert.True(spec.Function.Target.Length > text.Length);
    }

    [Fact]
    public async Task Many_streams_with_different_options_are_open_only_a_few_at_a_time()
    {
        int open = 0, most = 0;
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            var now = Interlocked.Increment(ref open);
            InterlockedMax(ref most, now);
            await FakeScripts.EchoAsync(job);
            Interlocked.Decrement(ref open);
        });

        // While this clock stands still no stream counts as busy for long, however slow the machine is.
        var options = new ClusterClientOptions { TimeProvider = new ManualTime() };
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, options, Token);

        var futures = Enumerable.Range(0, 500).Select(i => cluster.Submit(Sample.Square, i, new TaskOptions { Name = $"task {i}" }, Token)).ToArray();
        var results = await Task.WhenAll(futures.Select(future => future.Task)).Within();

        Assert.Equal(Enumerable.Range(0, 500), results);
        Assert.InRange(most, 1, 32);
    }

    [Fact]
    public async Task Streams_that_are_busy_for_long_do_not_starve_the_others()
    {
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = new SemaphoreSlim(0);
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            var batch = await job.ReadInputsAsync();
            started.Release();
            await finish.Task;
            await job.AnswerAsync(batch);
            await job.ReadUntilAsync(RunRequest.RequestOneofCase.EndInputs);
            await job.EndAsync();
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var futures = Enumerable.Range(0, 80).Select(i => cluster.Submit(Sample.Square, i, new TaskOptions { Name = $"task {i}" }, Token)).ToArray();
        for (var i = 0; i < futures.Length; i++)
        {
            Assert.True(await started.WaitAsync(TimeSpan.FromSeconds(20), Token), $"only {i} of {futures.Length} streams were opened");
        }

        finish.SetResult();
        Assert.Equal(Enumerable.Range(0, 80), await Task.WhenAll(futures.Select(future => future.Task)).Within());
    }

    [Fact]
    public async Task Streams_that_go_on_coming_do_not_postpone_the_others()
    {
        var started = new SemaphoreSlim(0);
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            started.Release();
            await job.AcceptAsync();
            await job.ReadUntilAsync(RunRequest.RequestOneofCase.CancelJob);
            await job.EndAsync();
        });
        var time = new ManualTime();
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, new ClusterClientOptions { TimeProvider = time }, Token);

        ClusterFuture<int> SubmitOne(int i) => cluster.Submit(Sample.Square, i, new TaskOptions { Name = $"task {i}" }, Token);
        for (var i = 0; i < 33; i++)
        {
            _ = SubmitOne(i);
        }

        time.Advance(TimeSpan.FromMilliseconds(40));
        _ = SubmitOne(33);
        time.Advance(TimeSpan.FromMilliseconds(20));

        for (var i = 0; i < 34; i++)
        {
            Assert.True(await started.WaitAsync(TimeSpan.FromSeconds(20), Token), $"only {i} streams were opened");
        }

        // The end of the test must not wait for the clock.
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task Each_stream_that_waits_takes_the_place_of_an_idle_one()
    {
        var endIdle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            var batch = await job.ReadInputsAsync();
            if (job.Spec.Name != "long")
            {
                await job.AnswerAsync(batch);
            }

            // The end of the inputs, or of the client.
            await job.ReadAsync();
            await endIdle.Task;
            await job.EndAsync();
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, new ClusterClientOptions { TimeProvider = new ManualTime() }, Token);
        var idle = Enumerable.Range(0, 32).Select(i => cluster.Submit(Sample.Square, i, new TaskOptions { Name = $"task {i}" }, Token)).ToArray();
        await Task.WhenAll(idle.Select(future => future.Task)).Within();

        // Nothing has made room yet when the second of them comes.
        _ = cluster.Submit(Sample.Square, 1, new TaskOptions { Name = "long" }, Token);
        var last = cluster.Submit(Sample.Square, 2, new TaskOptions { Name = "last" }, Token);
        endIdle.SetResult();

        Assert.Equal(2, await last.Task.Within());
    }

    [Fact]
    public async Task A_failing_task_fails_alone()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(job => FakeScripts.AnswerAsync(job, async batch =>
        {
            var slicer = new BatchSlicer(batch);
            for (var index = slicer.First; index < slicer.End; index++)
            {
                await (index == 1 ? job.FailAsync(1, Errors.DivideByZero()) : job.AnswerAsync(slicer.Slice(index, 1)));
            }
        }));
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var futures = new[] { 10, 20, 30 }.Select(i => cluster.Submit(Sample.Square, i, cancellationToken: Token)).ToArray();

        Assert.Equal(10, await futures[0].Task.Within());
        Assert.Equal(30, await futures[2].Task.Within());
        var failure = await Assert.ThrowsAsync<RemoteTaskException>(() => futures[1].Task.Within());
        Assert.Equal("last words", failure.StderrTail);
        Assert.Equal(ClusterFutureStatus.Failed, futures[1].Status);
    }

    [Fact]
    public async Task A_pending_task_is_cancelled_here_and_there_and_a_running_one_is_asked()
    {
        var cancels = new ConcurrentQueue<CancelItems>();
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            for (var received = 0UL; received < 3;)
            {
                received += (await job.ReadInputsAsync()).Count;
            }

            await job.SendAsync(new RunReply { Started = new Started { First = 0, Count = 1, Node = "a" } });
            for (ulong items = 0; items < 2;)
            {
                var request = (await job.ReadUntilAsync(RunRequest.RequestOneofCase.CancelItems)).CancelItems;
                cancels.Enqueue(request);
                items += request.Count;
            }

            cancelled.SetResult();
            await job.FailAsync(1, new ErrorInfo { Kind = ErrorKind.Cancelled });
            await job.ReadUntilAsync(RunRequest.RequestOneofCase.CancelJob);
            await job.EndAsync();
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var futures = Enumerable.Range(0, 3).Select(i => cluster.Submit(Sample.Square, i, cancellationToken: Token)).ToArray();
        var untilRunning = Task.Run(async () =>
        {
            while (futures[0].Status != ClusterFutureStatus.Running)
            {
                await Task.Yield();
            }
        }, Token);
        await untilRunning.Within();

        Assert.False(futures[0].Cancel());
        Assert.True(futures[1].Cancel());
        await cancelled.Task.Within();

        Assert.Equal("a", futures[0].Node);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => futures[1].Task.Within());
        Assert.Equal(ClusterFutureStatus.Pending, futures[2].Status);
        Assert.Equal([0UL, 1UL], cancels.SelectMany(cancel => Enumerable.Range(0, (int)cancel.Count).Select(i => cancel.First + (ulong)i)));
        Assert.True(futures[2].Cancel(force: true));
    }

    [Fact]
    public async Task A_connection_that_breaks_fails_what_was_not_answered_and_the_next_submit_works()
    {
        var calls = 0;
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                await job.AcceptAsync();
                await job.ReadInputsAsync();
                throw new Grpc.Core.RpcException(new Grpc.Core.Status(Grpc.Core.StatusCode.Unavailable, "going down"));
            }

            await FakeScripts.EchoAsync(job);
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, new ClusterClientOptions { ReconnectTimeout = TimeSpan.Zero }, Token);

        var broken = await Assert.ThrowsAsync<ClusterUnavailableException>(() => cluster.Submit(Sample.Square, 1, cancellationToken: Token).Task.Within());
        var next = await cluster.Submit(Sample.Square, 2, cancellationToken: Token).Task.Within();

        Assert.True(broken.IsTransient);
        Assert.Equal(2, next);
    }

    [Fact]
    public async Task Each_task_of_a_job_that_fails_has_an_exception_of_its_own()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            for (var items = 0UL; items < 2; items += (await job.ReadInputsAsync()).Count)
            {
            }

            await job.EndAsync(new ErrorInfo { Kind = ErrorKind.NoNodes, Message = "No node was attached for 1 s." });
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var futures = Enumerable.Range(0, 2).Select(i => cluster.Submit(Sample.Square, i, cancellationToken: Token)).ToArray();
        var first = await Assert.ThrowsAsync<ClusterUnavailableException>(() => futures[0].Task.Within());
        var second = await Assert.ThrowsAsync<ClusterUnavailableException>(() => futures[1].Task.Within());

        Assert.NotSame(first, second);
        Assert.Equal(first.Message, second.Message);
    }

    [Fact]
    public async Task Disposing_the_client_cancels_what_still_runs()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            await job.ReadUntilAsync(RunRequest.RequestOneofCase.CancelJob);
            await job.EndAsync(new ErrorInfo { Kind = ErrorKind.Cancelled });
        });
        var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var future = cluster.Submit(Sample.Square, 1, cancellationToken: Token);

        await cluster.DisposeAsync().AsTask().Within();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => future.Task.Within());
        Assert.Equal(ClusterFutureStatus.Cancelled, future.Status);
        Assert.Throws<ObjectDisposedException>(() => { _ = cluster.Submit(Sample.Square, 1, cancellationToken: Token); });
    }

    private static void InterlockedMax(ref int location, int value)
    {
        var seen = Volatile.Read(ref location);
        while (value > seen && Interlocked.CompareExchange(ref location, value, seen) is var found && found != seen)
        {
            seen = found;
        }
    }
}
