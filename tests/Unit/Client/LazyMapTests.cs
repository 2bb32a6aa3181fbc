using Cluster.Client;
using Cluster.Client.Jobs;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.FakeCoordinators;
using Cluster.TestKit.Time;
using Xunit;

namespace Cluster.Unit.Client;

public sealed class LazyMapTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_infinite_source_is_taken_only_a_little_ahead(bool ordered)
    {
        await using var coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var taken = 0;
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IEnumerable<int> Endless()
        {
            try
            {
                while (true)
                {
                    yield return Interlocked.Increment(ref taken) - 1;
                }
            }
            finally
            {
                disposed.SetResult();
            }
        }

        var results = ordered ? cluster.IMapAsync(Sample.Square, Endless(), cancellationToken: Token) : cluster.IMapUnorderedAsync(Sample.Square, Endless(), cancellationToken: Token);
        var consumed = 0;
        await foreach (var result in results.WithCancellation(Token))
        {
            Assert.Equal(consumed, result);
            if (++consumed == 100_000)
            {
                break;
            }
        }

        await disposed.Task.Within();
        Assert.InRange(taken, consumed, consumed + (1 << 17) + 256);
    }

    [Fact]
    public async Task Nothing_is_taken_before_the_first_result_is_asked_for_and_little_before_it_is_consumed()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var taken = 0;
        var numbers = Enumerable.Range(0, int.MaxValue).Select(number =>
        {
            Interlocked.Increment(ref taken);
            return number;
        });

        await using (var results = cluster.IMapAsync(Sample.Square, numbers, new MapOptions { MaxInFlight = 10 }, Token).GetAsyncEnumerator(Token))
        {
            Assert.Equal(0, taken);
            for (var i = 0; i < 100; i++)
            {
                Assert.True(await results.MoveNextAsync().AsTask().Within());
                Assert.InRange(Volatile.Read(ref taken), i + 1, i + 10);
            }
        }
    }

    [Fact]
    public async Task An_items_exception_is_raised_at_its_place_and_the_next_item_follows()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            Assert.Equal(Cluster.Protocol.V1.OnError.Collect, job.Spec.OnError);
            await job.AcceptAsync();
            await FailThirdAsync(job);
            await job.EndAsync();
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var seen = new List<string>();
        await using var results = cluster.IMapAsync(Sample.Square, Walk(Enumerable.Range(0, 5)), cancellationToken: Token).GetAsyncEnumerator(Token);
        while (true)
        {
            try
            {
                if (!await results.MoveNextAsync().AsTask().Within())
                {
                    break;
                }

                seen.Add($"{results.Current}");
            }
            catch (RemoteTaskException failure)
            {
                seen.Add($"failed {failure.Index}");
            }
        }

        Assert.Equal(["0", "1", "failed 2", "3", "4"], seen);
    }

    [Fact]
    public async Task Results_that_cannot_be_read_at_all_are_not_invented()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            var batch = await job.ReadInputsAsync();
            await job.ReadUntilAsync(RunRequest.RequestOneofCase.EndInputs);
            var slicer = new BatchSlicer(batch);
            await job.AnswerAsync(slicer.Slice(0, 2));
            var damaged = slicer.Slice(2, 2).Clone();
            damaged.Stride = 8;
            await job.AnswerAsync(damaged);
            await job.AnswerAsync(slicer.Slice(4, 1));
            await job.EndAsync();
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var seen = new List<int>();
        await using var results = cluster.IMapAsync(Sample.Square, [10, 11, 12, 13, 14], cancellationToken: Token).GetAsyncEnumerator(Token);
        Assert.True(await results.MoveNextAsync().AsTask().Within());
        Assert.True(await results.MoveNextAsync().AsTask().Within());
        await Assert.ThrowsAsync<MalformedBatchException>(() => results.MoveNextAsync().AsTask().Within());
        while (await results.MoveNextAsync().AsTask().Within())
        {
            seen.Add(results.Current);
        }

        Assert.Equal([14], seen);
    }

    [Fact]
    public async Task A_source_that_throws_is_heard_of_after_the_items_before()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        static IEnumerable<int> Broken()
        {
            yield return 0;
            yield return 1;
            throw new InvalidDataException("line 3 is no number");
        }

        foreach (var results in new[] { cluster.IMapAsync(Sample.Square, Broken(), cancellationToken: Token), cluster.IMapUnorderedAsync(Sample.Square, Broken(), cancellationToken: Token) })
        {
            var seen = new List<int>();
            await Assert.ThrowsAsync<InvalidDataException>(async () =>
            {
                await foreach (var result in results.WithCancellation(Token))
                {
                    seen.Add(result);
                }
            }).Within();
            Assert.Equal([0, 1], seen);
        }
    }

    [Fact]
    public async Task Leaving_the_loop_cancels_the_job()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            await job.AnswerAsync(new BatchSlicer(await job.ReadInputsAsync()).Slice(0, 1));
            await job.ReadUntilAsync(RunRequest.RequestOneofCase.CancelJob);
            cancelled.SetResult();
            await job.EndAsync();
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        await foreach (var _ in cluster.IMapUnorderedAsync(Sample.Square, Enumerable.Range(0, 1000), cancellationToken: Token).WithCancellation(Token))
        {
            break;
        }

        await cancelled.Task.Within();
    }

    [Fact]
    public async Task Leaving_the_loop_lets_go_of_results_that_fill_the_budget()
    {
        const int Items = 40;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            for (var items = 0UL; items < Items; items += (await job.ReadInputsAsync()).Count)
            {
            }

            var results = new BatchBuilder<byte[]>(ItemCodec.For<byte[]>());
            for (var index = 0UL; index < Items; index++)
            {
                results.Add(index, new byte[2 << 20]);
                foreach (var batch in results.TakeAll())
                {
                    await job.AnswerAsync(batch);
                }
            }

            await job.ReadUntilAsync(RunRequest.RequestOneofCase.CancelJob);
            await job.EndAsync(new ErrorInfo { Kind = ErrorKind.Cancelled });
            ended.SetResult();
        });

        // The clock stands still: no patience runs out.
        var time = new ManualTime();
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, new ClusterClientOptions { TimeProvider = time }, Token);

        await foreach (var _ in cluster.IMapAsync(x => new byte[x], Enumerable.Range(0, Items), cancellationToken: Token).WithCancellation(Token))
        {
            break;
        }

        try
        {
            await ended.Task.Within();
        }
        finally
        {
            time.Advance(TimeSpan.FromSeconds(10));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_waits_for_a_reader_who_has_left(bool ordered)
    {
        var flow = new JobFlow(new WindowLimits { ResultBudget = 10 });
        var results = new LazyResults(flow, ordered);
        var numbers = new BatchBuilder<int>(ItemCodec.For<int>());
        numbers.Add(0, 7);
        var batch = numbers.TakeAll().Single();
        Assert.Equal(1, flow.Reserve(1));
        Assert.True(flow.TrySend(new InputBatch(batch)));
        Assert.True(flow.Answer(0, 1, 12));
        results.Add(new ResultEntry(0, 1, 12, batch, Fragments: null), new RunFacts("a", TimeSpan.Zero));

        var waiting = results.WaitForReaderAsync(Token).AsTask();
        Assert.False(waiting.IsCompleted);
        results.Abandon();
        await waiting.Within();

        results.Add(new ResultEntry(1, 1, 12, batch, Fragments: null), new RunFacts("a", TimeSpan.Zero));
        await results.WaitForReaderAsync(Token).AsTask().Within();
        results.End(null);
        Assert.Null(await results.TakeAsync(Token));
    }

    [Fact]
    public async Task A_token_ends_an_iteration_that_waits()
    {
        using var mine = new CancellationTokenSource();
        await using var coordinator = await FakeCoordinator.StartAsync(async job =>
        {
            await job.AcceptAsync();
            await job.ReadInputsAsync();
            await mine.CancelAsync();
            await job.ReadUntilAsync(RunRequest.RequestOneofCase.CancelJob);
            await job.EndAsync();
        });
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        await using var results = cluster.IMapAsync(Sample.Square, [1, 2, 3], cancellationToken: mine.Token).GetAsyncEnumerator(Token);
        var cancelled = await Assert.ThrowsAsync<OperationCanceledException>(() => results.MoveNextAsync().AsTask().Within());

        Assert.Equal(mine.Token, cancelled.CancellationToken);
        Assert.False(await results.MoveNextAsync());
    }

    [Fact]
    public async Task A_slow_reader_of_large_results_holds_the_source_back()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var taken = 0;
        var blocks = Enumerable.Range(0, 2000).Select(_ =>
        {
            Interlocked.Increment(ref taken);
            return new byte[1 << 20];
        });

        var consumed = 0;
        await foreach (var block in cluster.IMapAsync(block => block, blocks, cancellationToken: Token).WithCancellation(Token))
        {
            consumed++;
            Assert.Equal(1 << 20, block.Length);

            // 64 MiB of results may wait here, and 64 items may fly before it is known how large they are.
            Assert.InRange(Volatile.Read(ref taken), consumed, consumed + 130);
            if (consumed == 300)
            {
                break;
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Items_that_cannot_be_sent_yet_hold_the_source_back(bool lazy)
    {
        const int Block = 1 << 20;
        const int Blocks = 300;
        var answered = 0;
        await using var coordinator = await FakeCoordinator.StartAsync(job => FakeScripts.AnswerAsync(
            job,
            batch =>
            {
                Interlocked.Add(ref answered, (int)batch.Count);
                return job.AnswerAsync(Lengths(batch));
            },
            maxBytesInFlight: Block));
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var taken = 0;
        var furthest = 0;
        var blocks = Enumerable.Range(0, Blocks).Select(_ =>
        {
            furthest = Math.Max(furthest, ++taken - Volatile.Read(ref answered));
            return new byte[Block];
        });

        var results = 0;
        if (lazy)
        {
            await foreach (var length in cluster.IMapAsync(block => block.Length, blocks, cancellationToken: Token).WithCancellation(Token))
            {
                results++;
            }
        }
        else
        {
            results = (await cluster.MapAsync(block => block.Length, blocks, cancellationToken: Token)).Length;
        }

        Assert.Equal(Blocks, results);

        // One block flies, enough of them wait, and one is being taken.
        Assert.InRange(furthest, 1, 1 + (QueuedInputs<byte[]>.EnoughBytes / Block) + 1);
    }

    private static Batch Lengths(Batch blocks)
    {
        var lengths = new BatchBuilder<int>(ItemCodec.For<int>());
        for (ulong i = 0; i < blocks.Count; i++)
        {
            lengths.Add(blocks.First + i, blocks.Payload.Length);
        }

        return lengths.TakeAll().Single();
    }

    private static async Task FailThirdAsync(FakeJob job)
    {
        while (await job.ReadAsync() is { } request && request.RequestCase != RunRequest.RequestOneofCase.EndInputs)
        {
            var slicer = new BatchSlicer(request.Inputs);
            for (var index = slicer.First; index < slicer.End; index++)
            {
                await (index == 2 ? job.FailAsync(2, Errors.DivideByZero()) : job.AnswerAsync(slicer.Slice(index, 1)));
            }
        }
    }

    private static IEnumerable<int> Walk(IEnumerable<int> numbers)
    {
        foreach (var number in numbers)
        {
            yield return number;
        }
    }
}
