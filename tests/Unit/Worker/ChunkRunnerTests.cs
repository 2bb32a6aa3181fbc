using System.Buffers;
using Cluster.Protocol.Batches;
using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;
using Cluster.Worker.Code;
using Cluster.Worker.Link;
using Cluster.Worker.Results;
using Cluster.Worker.Running;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Worker;

public sealed class ChunkRunnerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_batch_that_cannot_be_read_is_answered_and_the_next_one_runs(bool isAsync)
    {
        var torn = Inputs(2, 20, 30);
        torn.Payload = ByteString.CopyFrom(torn.Payload.Span[..5]);
        var nowhere = new Signature(null!, Arguments.Single);
        ItemFunction<int, int> addOne = isAsync
            ? new TaskItemFunction<int, int>((x, _) => Task.FromResult(x + 1))
            : new SyncItemFunction<int, int>((x, _) => x + 1);
        var runner = new ChunkRunner<int, int>(addOne, ItemCodec.For<int>(), ItemCodec.For<int>(), _ => null, nowhere);

        var said = await RunAsync(runner, Inputs(0, 1, 10), torn, Inputs(4, 40, 50));

        Assert.Equal(new Dictionary<ulong, int> { [0] = 2, [1] = 11, [4] = 41, [5] = 51 }, said.Values);
        Assert.Equal([(2ul, ErrorKind.Protocol), (3ul, ErrorKind.Protocol)], said.Failures);
        Assert.False(Assert.Single(said.Ends).Cancelled);
    }

    [Fact]
    public async Task Captures_that_cannot_be_rebuilt_are_no_failure_of_the_function()
    {
        var broken = new SyncItemFunction<int, int>((x, _) => x == 1 ? throw new CodeException("does not fit") : x);
        var runner = new ChunkRunner<int, int>(broken, ItemCodec.For<int>(), ItemCodec.For<int>(), _ => null, new Signature(null!, Arguments.Single));

        var said = await RunAsync(runner, Inputs(0, 1, 2));

        Assert.Equal([(0ul, ErrorKind.Code)], said.Failures);
        Assert.Equal(2, said.Values[1]);
    }

    private static Batch Inputs(ulong first, params int[] items)
    {
        var builder = new BatchBuilder<int>(ItemCodec.For<int>());
        foreach (var item in items)
        {
            builder.Add(first++, item);
        }

        return Assert.Single(builder.TakeAll());
    }

    private static async Task<Said> RunAsync(ChunkRunner runner, params Batch[] batches)
    {
        using var wire = new MemoryStream();
        using var job = new WorkerJob(new WorkerOpenJob { JobId = "job", Spec = new JobSpec() }, new CodeContexts(), TimeProvider.System);
        var chunk = new ChunkRun(1, job, attempt: 1);
        chunk.Batches.AddRange(batches);

        var queue = new ChunkQueue(threads: 1);
        Assert.True(queue.TryBegin(chunk));

        await runner.RunAsync(chunk, new ChunkSurroundings("node", new NodeLink(wire), new Ticker(TimeSpan.FromHours(1)), new Ticker(TimeSpan.FromHours(1)), TimeProvider.System), queue);

        wire.Position = 0;
        return await Said.ReadAsync(wire);
    }

    /// <summary>What a worker told its node.</summary>
    private sealed class Said
    {
        public Dictionary<ulong, int> Values { get; } = [];

        public List<(ulong Index, ErrorKind Kind)> Failures { get; } = [];

        public List<WorkerChunkEnded> Ends { get; } = [];

        public static async Task<Said> ReadAsync(Stream wire)
        {
            var said = new Said();
            var frames = new FrameReader<FromWorker>(FrameLink.Reader(wire), FromWorker.Parser);
            while (await frames.ReadAsync(TestContext.Current.CancellationToken) is { } frame)
            {
                said.Add(frame.Header, frame.Payload);
            }

            return said;
        }

        private void Add(FromWorker message, ReadOnlySequence<byte> payload)
        {
            Ends.AddRange(message.ChunkEnded is { } ended ? [ended] : []);
            foreach (var (batch, length) in (message.Results?.Batches ?? []).Zip(message.Results?.PayloadLengths ?? []))
            {
                var reader = new BatchReader<int>(ItemCodec.For<int>());
                reader.Open(batch, payload.Slice(0, length));
                payload = payload.Slice(length);
                while (reader.TryRead(out var index, out var value))
                {
                    Values.Add(index, value);
                }
            }

            Failures.AddRange((message.Results?.Failures ?? []).Select(failure => (failure.Index, failure.Error.Kind)));
        }
    }
}
