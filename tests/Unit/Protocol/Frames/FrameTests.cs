using System.Buffers;
using System.IO.Pipelines;
using Cluster.Protocol;
using Cluster.Protocol.Batches;
using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;
using Cluster.Unit.Protocol.Batches;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cluster.Unit.Protocol.Frames;

public sealed class FrameTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Frames_come_back_with_their_payloads()
    {
        var large = new byte[Limits.MaxPayloadBytes];
        new System.Random(1).NextBytes(large);
        var (first, payload) = Results([1, 2, 3], large);
        var second = new FromWorker { Ready = new WorkerReady { Pid = 7, Key = "k" } };
        var bytes = await WriteAsync((first, payload), (second, []));

        var reader = Reader(bytes);
        var frame = (await reader.ReadAsync(Cancel))!.Value;
        Assert.Equal(first, frame.Header);
        Assert.Equal([.. payload[0].Payload.Span, .. payload[1].Payload.Span], frame.Payload.ToArray());
        frame = (await reader.ReadAsync(Cancel))!.Value;
        Assert.Equal(second, frame.Header);
        Assert.True(frame.Payload.IsEmpty);
        Assert.Null(await reader.ReadAsync(Cancel));
        Assert.Null(await reader.ReadAsync(Cancel));
    }

    [Fact]
    public async Task Frames_survive_any_cut()
    {
        var (header, payload) = Results([1, 2, 3], [4, 5]);
        var bytes = await WriteAsync((header, payload), (header, payload));
        for (var size = 1; size <= bytes.Length; size++)
        {
            var reader = new FrameReader<FromWorker>(PipeReader.Create(Pieces.Of(bytes, size)), FromWorker.Parser);
            for (var i = 0; i < 2; i++)
            {
                var frame = (await reader.ReadAsync(Cancel))!.Value;
                Assert.Equal(header, frame.Header);
                Assert.Equal([1, 2, 3, 4, 5], frame.Payload.ToArray());
            }

            Assert.Null(await reader.ReadAsync(Cancel));
        }
    }

    [Fact]
    public async Task A_frame_that_ends_early_is_an_error()
    {
        var bytes = await WriteAsync(Results([1, 2, 3]));
        for (var length = 1; length < bytes.Length; length++)
        {
            var reader = Reader(bytes[..length]);
            var error = await Assert.ThrowsAsync<EndOfStreamException>(async () => await reader.ReadAsync(Cancel));
            Assert.Contains($"after {length} of at least", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0u, 0u, "A frame claims 0 bytes")]
    [InlineData(3u, 0u, "A frame claims 3 bytes")]
    [InlineData(1001u, 0u, "A frame claims 1001 bytes; it must have 4 to 1000.")]
    [InlineData(uint.MaxValue, 0u, "A frame claims 4294967295 bytes")]
    [InlineData(10u, 7u, "A frame of 10 bytes claims a header of 7.")]
    [InlineData(10u, uint.MaxValue, "claims a header of 4294967295")]
    public async Task A_wrong_length_is_refused_before_its_bytes_are_awaited(uint frame, uint header, string expected)
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync((byte[])[.. BitConverter.GetBytes(frame), .. BitConverter.GetBytes(header)], Cancel);
        var reader = new FrameReader<FromWorker>(pipe.Reader, FromWorker.Parser, maxFrameBytes: 1000);

        var error = await Assert.ThrowsAsync<MalformedFrameException>(async () => await reader.ReadAsync(Cancel));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_that_does_not_parse_is_an_error()
    {
        var reader = Reader([6, 0, 0, 0, 2, 0, 0, 0, 0xFF, 0xFF]);

        var error = await Assert.ThrowsAsync<MalformedFrameException>(async () => await reader.ReadAsync(Cancel));
        Assert.Contains("no FromWorker", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arbitrary_bytes_are_refused_or_read() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll<(byte[] Tail, NonNegativeInt Cut)>(async made =>
        {
            var (tail, cut) = made;
            byte[] prefix = [(byte)(tail.Length + 4), 0, 0, 0, (byte)(cut.Get % (tail.Length + 1)), 0, 0, 0];
            await DrainAsync([.. prefix, .. tail, .. tail]);
            await DrainAsync(tail);
        }));

    [Fact]
    public async Task A_cancelled_read_loses_nothing()
    {
        var frame = Results([1, 2, 3]);
        var bytes = await WriteAsync(frame);
        var pipe = new Pipe();
        var reader = new FrameReader<FromWorker>(pipe.Reader, FromWorker.Parser);
        await pipe.Writer.WriteAsync(bytes.AsMemory(0, 9), Cancel);

        using var cancelled = new CancellationTokenSource();
        var reading = reader.ReadAsync(cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await pipe.Writer.WriteAsync(bytes.AsMemory(9), Cancel);

        Assert.Equal(frame.Header, (await reader.ReadAsync(Cancel))!.Value.Header);
    }

    [Fact]
    public async Task A_frame_that_is_too_large_is_refused_before_it_is_written()
    {
        var pipe = new Pipe();
        var writer = new FrameWriter(pipe.Writer, maxFrameBytes: 100);
        var (header, payload) = Results(new byte[100]);

        Assert.Throws<ArgumentException>(() => writer.Write(header, payload));
        writer.Write(new FromWorker { Ready = new WorkerReady() });
        await writer.FlushAsync(Cancel);
        Assert.NotNull((await new FrameReader<FromWorker>(pipe.Reader, FromWorker.Parser).ReadAsync(Cancel))!.Value.Header.Ready);
    }

    [Fact]
    public async Task Flushing_to_a_reader_that_left_says_so()
    {
        var pipe = new Pipe();
        var writer = new FrameWriter(pipe.Writer);
        await pipe.Reader.CompleteAsync();
        writer.Write(new FromWorker { Ready = new WorkerReady() });

        Assert.False(await writer.FlushAsync(Cancel));
    }

    private static (FromWorker Header, EncodedBatch[] Batches) Results(params byte[][] items)
    {
        var results = new WorkerResults { ChunkId = 1 };
        var builder = new BatchBuilder<byte[]>(ItemCodec.For<byte[]>());
        for (var i = 0; i < items.Length; i++)
        {
            // Every other index, so that each item is a batch of its own.
            builder.Add((ulong)(2 * i), items[i]);
        }

        EncodedBatch[] batches = [.. builder.Peek()];
        foreach (var batch in batches)
        {
            FramePayloads.Add(batch, results.Batches, results.PayloadLengths);
        }

        return (new FromWorker { Results = results }, batches);
    }

    private static async Task<byte[]> WriteAsync(params (FromWorker Header, EncodedBatch[] Batches)[] frames)
    {
        using var stream = new MemoryStream();
        var pipe = FrameLink.Writer(stream);
        var writer = new FrameWriter(pipe);
        foreach (var (header, batches) in frames)
        {
            writer.Write(header, batches);
        }

        Assert.True(await writer.FlushAsync(Cancel));
        await pipe.CompleteAsync();
        return stream.ToArray();
    }

    private static FrameReader<FromWorker> Reader(byte[] bytes) => new(FrameLink.Reader(new MemoryStream(bytes)), FromWorker.Parser);

    private static async Task DrainAsync(byte[] bytes)
    {
        var reader = new FrameReader<FromWorker>(PipeReader.Create(new ReadOnlySequence<byte>(bytes)), FromWorker.Parser);
        try
        {
            for (var frames = 0; await reader.ReadAsync(Cancel) is { } frame; frames++)
            {
                Assert.InRange(frame.Payload.Length, 0, bytes.Length);
                Assert.InRange(frames, 0, bytes.Length);
            }
        }
        catch (Exception e) when (e is MalformedFrameException or EndOfStreamException)
        {
            Assert.NotEmpty(e.Message);
        }
    }
}
