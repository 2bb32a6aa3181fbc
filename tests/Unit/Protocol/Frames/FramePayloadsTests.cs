using System.Buffers;
using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;
using Cluster.Unit.Protocol.Batches;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Protocol.Frames;

public sealed class FramePayloadsTests
{
    private readonly List<Batch> _batches =
        [.. Batching.Write(["a", "bcd"]), .. Batching.Write([1, 2], first: 2), .. Batching.Write<byte[]>([new byte[25]], maxPayloadBytes: 10, first: 4)];

    [Fact]
    public void Detached_and_attached_batches_are_the_same()
    {
        var copies = _batches.Select(batch => batch.Clone()).ToList();
        var (header, payload) = Detach();
        FramePayloads.Attach(header.Batches, header.PayloadLengths, Pieces.Of(payload, 3));

        Assert.Equal(copies, header.Batches);
        Assert.Equal(copies, _batches);
    }

    [Fact]
    public void Payloads_are_taken_off_one_by_one()
    {
        var (header, payload) = Detach();
        var rest = new ReadOnlySequence<byte>(payload);
        FramePayloads.Check(header.Batches, header.PayloadLengths, rest.Length);
        for (var i = 0; i < _batches.Count; i++)
        {
            Assert.Equal(_batches[i].Payload.ToByteArray(), FramePayloads.Take(ref rest, header.PayloadLengths[i]).ToArray());
        }

        Assert.True(rest.IsEmpty);
    }

    [Fact]
    public void A_contradiction_between_header_and_payload_is_an_error()
    {
        var (header, payload) = Detach();

        Refused(header, payload.Length + 1, $"add up to {payload.Length} bytes; its payload has {payload.Length + 1}");
        header.PayloadLengths[0] = uint.MaxValue;
        header.PayloadLengths[1] = uint.MaxValue;
        Refused(header, payload.Length, "add up to 85899");
        header.PayloadLengths.Add(0);
        Refused(header, payload.Length, "5 batches and 6 payload lengths");
    }

    [Fact]
    public void A_payload_in_the_header_is_an_error()
    {
        var header = new WorkerRunChunk { Batches = { _batches[0] }, PayloadLengths = { 0 } };

        Refused(header, 0, "carries its payload in the header");
    }

    private static void Refused(WorkerRunChunk header, long payloadLength, string expected)
    {
        var error = Assert.Throws<MalformedFrameException>(() => FramePayloads.Check(header.Batches, header.PayloadLengths, payloadLength));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private (WorkerRunChunk Header, byte[] Payload) Detach()
    {
        var header = new WorkerRunChunk();
        var detached = _batches.Select(FramePayloads.Detach).ToList();
        foreach (var batch in detached)
        {
            FramePayloads.Add(batch, header.Batches, header.PayloadLengths);
        }

        // Through the wire, so that nothing but the header's bytes is known at the other end.
        return (WorkerRunChunk.Parser.ParseFrom(header.ToByteArray()), [.. detached.SelectMany(batch => batch.Payload.ToArray())]);
    }
}
