using System.Buffers;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Cluster.Protocol.Frames;

/// <summary>Moves batches between their two forms: with the payload inside (gRPC), and with the payload beside (frames).</summary>
public static class FramePayloads
{
    /// <summary>Puts a batch into a frame's header. Its payload goes to <see cref="FrameWriter"/>, in the same order.</summary>
    /// <param name="batch">The batch, as a builder made it or <see cref="Detach"/>.</param>
    /// <param name="batches">The header's batches.</param>
    /// <param name="payloadLengths">The header's payload lengths.</param>
    public static void Add(EncodedBatch batch, RepeatedField<Batch> batches, RepeatedField<uint> payloadLengths)
    {
        batches.Add(batch.Header);
        payloadLengths.Add((uint)batch.Payload.Length);
    }

    /// <summary>The batch with its payload beside it. The batch given is not changed; both share the memory.</summary>
    public static EncodedBatch Detach(Batch batch)
    {
        var header = new Batch
        {
            First = batch.First,
            Count = batch.Count,
            Format = batch.Format,
            Stride = batch.Stride,
            Lengths = batch.Lengths,
            FragmentTotal = batch.FragmentTotal,
            FragmentOffset = batch.FragmentOffset,
        };
        return new EncodedBatch(header, batch.Payload.Memory);
    }

    /// <summary>Gives the batches of a frame's header their payloads, each as a copy of its own, so that they outlive the frame.</summary>
    /// <param name="batches">The header's batches; changed in place.</param>
    /// <param name="payloadLengths">The header's payload lengths.</param>
    /// <param name="payload">The frame's payload.</param>
    /// <exception cref="MalformedFrameException">Header and payload contradict each other.</exception>
    public static void Attach(RepeatedField<Batch> batches, RepeatedField<uint> payloadLengths, ReadOnlySequence<byte> payload)
    {
        Check(batches, payloadLengths, payload.Length);
        for (var i = 0; i < batches.Count; i++)
        {
            var bytes = GC.AllocateUninitializedArray<byte>((int)payloadLengths[i]);
            payload.Slice(0, bytes.Length).CopyTo(bytes);
            payload = payload.Slice(bytes.Length);
            batches[i].Payload = UnsafeByteOperations.UnsafeWrap(bytes);
        }
    }

    /// <summary>Checks that a frame's payload is what its header says. After this, take the payloads off one by one with <see cref="Take"/>.</summary>
    /// <param name="batches">The header's batches.</param>
    /// <param name="payloadLengths">The header's payload lengths.</param>
    /// <param name="payloadLength">How many bytes of payload the frame has.</param>
    /// <exception cref="MalformedFrameException">Header and payload contradict each other.</exception>
    public static void Check(RepeatedField<Batch> batches, RepeatedField<uint> payloadLengths, long payloadLength)
    {
        if (batches.Count != payloadLengths.Count)
        {
            throw new MalformedFrameException($"A frame has {batches.Count} batches and {payloadLengths.Count} payload lengths.");
        }

        long sum = 0;
        for (var i = 0; i < batches.Count; i++)
        {
            sum += payloadLengths[i];
            if (!batches[i].Payload.IsEmpty)
            {
                throw new MalformedFrameException($"Batch {i} of a frame carries its payload in the header; it belongs behind it.");
            }
        }

        if (sum != payloadLength)
        {
            throw new MalformedFrameException($"A frame's payload lengths add up to {sum} bytes; its payload has {payloadLength}.");
        }
    }

    /// <summary>Takes the next batch's payload off the front of what is left of a frame's.</summary>
    /// <param name="rest">What is left; becomes what is left after it.</param>
    /// <param name="length">The batch's payload length.</param>
    public static ReadOnlySequence<byte> Take(ref ReadOnlySequence<byte> rest, uint length)
    {
        var taken = rest.Slice(0, length);
        rest = rest.Slice(length);
        return taken;
    }
}
