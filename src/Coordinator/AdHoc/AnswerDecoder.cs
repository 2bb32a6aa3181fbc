using System.Buffers.Binary;
using System.Globalization;
using Cluster.Protocol;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.AdHoc;

/// <summary>Takes the results of a job apart, as JSON. A result that is too large for the people who wait for it becomes a failure. Not thread-safe.</summary>
/// <param name="maxBytes">The largest result.</param>
internal sealed class AnswerDecoder(long maxBytes = Limits.MaxMessageBytes)
{
    private const uint NullLength = uint.MaxValue;

    private static readonly byte[] Null = [.. "null"u8];

    private readonly FragmentAssembler _fragments = new(maxBytes);

    /// <summary>The answers in a reply of the job.</summary>
    public IEnumerable<Answer> Decode(Results results)
    {
        foreach (var batch in results.Batches)
        {
            foreach (var answer in batch.FragmentTotal == 0 ? Split(batch) : Assemble(batch))
            {
                yield return answer;
            }
        }

        foreach (var failure in results.Failures)
        {
            yield return new Answer(failure.Index, default, failure.Error);
        }
    }

    /// <summary>A result that cannot be told.</summary>
    public static ErrorInfo Untellable(string why) => new() { Kind = ErrorKind.Result, Message = $"The function returned a result that cannot be told: {why}" };

    private static IEnumerable<Answer> Split(Batch batch)
    {
        var start = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(batch.Lengths.Span[(i * sizeof(uint))..]);
            var json = length == NullLength ? Null : batch.Payload.Memory.Slice(start, (int)length);
            start += length == NullLength ? 0 : (int)length;
            yield return new Answer(batch.First + (ulong)i, json, null);
        }
    }

    private IEnumerable<Answer> Assemble(Batch fragment)
    {
        if (fragment.FragmentTotal > (ulong)maxBytes)
        {
            if (fragment.FragmentOffset == 0)
            {
                yield return new Answer(fragment.First, default, Untellable(string.Create(
                    CultureInfo.InvariantCulture, $"it has {fragment.FragmentTotal} bytes as JSON, and a message has {maxBytes} at most. Have the function return less, or call it from a program with the SDK.")));
            }
        }
        else if (_fragments.Add(fragment, fragment.Payload.Span) is { } whole)
        {
            yield return new Answer(fragment.First, whole, null);
        }
    }
}
