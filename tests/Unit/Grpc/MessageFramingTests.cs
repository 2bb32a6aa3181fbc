using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Wire;
using Xunit;

namespace Cluster.Unit.Wire;

public sealed class MessageFramingTests
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static (byte[] b) => b, static b => b);

    [Fact]
    public void Messages_come_back_from_pieces_of_any_size() => Prop.ForAll<byte[][], FsCheck.PositiveInt, bool>((values, size, compress) =>
    {
        byte[][] messages = [.. values.Where(value => value is not null)];
        List<byte[]> read = ReadAll(new Chunks(WriteAll(messages, compress), size.Get), "gzip");
        return read.Select(Convert.ToHexString).SequenceEqual(messages.Select(Convert.ToHexString));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_bytes_are_messages_or_a_status() => Prop.ForAll<byte[], FsCheck.PositiveInt>((bytes, size) =>
    {
        try
        {
            ReadAll(new Chunks(bytes ?? [], size.Get), "gzip");
        }
        catch (RpcException e)
        {
            return e.StatusCode is StatusCode.Internal or StatusCode.ResourceExhausted;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_empty_message_is_never_flagged_as_compressed()
    {
        Assert.Equal([0, 0, 0, 0, 0], WriteAll([[]], compress: true));
        Assert.Equal([0, 0, 0, 0, 0], WriteAll(new Marshaller<Empty>(Serialize, _ => new Empty()), [new Empty()], compress: true));
        Assert.Equal(1, WriteAll([[1]], compress: true)[0]);
    }

    [Fact]
    public void A_message_of_announced_length_is_written_in_place()
    {
        byte[] written = WriteAll(new Marshaller<StringValue>(Serialize, _ => new StringValue()), [new StringValue { Value = "abc" }], compress: false);
        Assert.Equal([0, 0, 0, 0, 5, 10, 3, (byte)'a', (byte)'b', (byte)'c'], written);
    }

    [Fact]
    public void A_marshaller_that_breaks_its_word_tears_the_stream_only_if_something_was_written()
    {
        var liar = new Marshaller<string>(
            static (_, context) =>
            {
                context.SetPayloadLength(3);
                context.GetBufferWriter();
                context.Complete();
            },
            static _ => "");
        using var target = new PooledBuffer();
        var writer = new MessageWriter<string>(liar, null);
        RpcException e = Assert.Throws<RpcException>(() => writer.Write("x", target, null));
        Assert.Equal(StatusCode.Internal, e.StatusCode);
        Assert.True(writer.IsTorn);

        var thrower = new MessageWriter<string>(new Marshaller<string>(static (_, _) => throw new FormatException("no"), static _ => ""), null);
        Assert.Throws<RpcException>(() => thrower.Write("x", target, null));
        Assert.False(thrower.IsTorn);
    }

    [Fact]
    public void What_protobuf_cannot_read_is_internal()
    {
        var marshaller = new Marshaller<StringValue>(Serialize, static context => StringValue.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));
        var reader = new MessageReader<StringValue>(new Chunks([0, 0, 0, 0, 2, 0xff, 0xff], 100), marshaller, null, null);
        RpcException e = Assert.Throws<RpcException>(() => Next(reader));
        Assert.Equal(StatusCode.Internal, e.StatusCode);
        Assert.IsAssignableFrom<IOException>(e.Status.DebugException);
    }

    [Fact]
    public void A_bomb_is_measured_by_what_comes_out()
    {
        byte[] bomb = WriteAll([new byte[1_000_000]], compress: true);
        Assert.True(bomb.Length < 10_000);
        var limited = new MessageReader<byte[]>(new Chunks(bomb, 100), Bytes, 999_999, "gzip");
        RpcException e = Assert.Throws<RpcException>(() => Next(limited));
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
        Assert.NotNull(e.Status.DebugException);
        var roomy = new MessageReader<byte[]>(new Chunks(bomb, 100), Bytes, 1_000_000, "gzip");
        Assert.True(Next(roomy));
        Assert.Equal(1_000_000, roomy.Current!.Length);
    }

    private static void Serialize<T>(T message, SerializationContext context)
        where T : Google.Protobuf.IMessage
    {
        context.SetPayloadLength(message.CalculateSize());
        Google.Protobuf.MessageExtensions.WriteTo(message, context.GetBufferWriter());
        context.Complete();
    }

    private static byte[] WriteAll(byte[][] messages, bool compress) => WriteAll(Bytes, messages, compress);

    private static byte[] WriteAll<T>(Marshaller<T> marshaller, T[] messages, bool compress)
    {
        using var target = new PooledBuffer();
        var writer = new MessageWriter<T>(marshaller, null);
        foreach (T message in messages)
        {
            writer.Write(message, target, compress ? CompressionLevel.Fastest : null);
        }

        return target.WrittenMemory.ToArray();
    }

    private static List<byte[]> ReadAll(Chunks chunks, string encoding)
    {
        var reader = new MessageReader<byte[]>(chunks, Bytes, 1_000_000, encoding);
        List<byte[]> messages = [];
        while (Next(reader))
        {
            messages.Add(reader.Current!);
        }

        return messages;
    }

    // The chunks are all there, so no read waits.
    private static bool Next<T>(MessageReader<T> reader)
    {
        Task<bool> read = reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.True(read.IsCompleted);
#pragma warning disable VSTHRD002 // It is complete.
        return read.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }
}
