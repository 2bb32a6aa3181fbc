using System.Text.Json;
using Cluster.Client.Functions;
using Cluster.Protocol.Batches;
using Cluster.Protocol.Code;
using Cluster.Protocol.Memory;
using Cluster.Protocol.V1;

namespace Cluster.Client.Broadcasts;

/// <summary>A value as an item would travel; a worker reads it once.</summary>
/// <typeparam name="T">The value.</typeparam>
internal sealed class EncodedForm<T> : BroadcastForm<T>
{
    // Strict, as captures are: what would arrive changed is refused. One for each type, so that a job's types do not outlive it.
    private static readonly JsonSerializerOptions Json = CaptureJson.CreateOptions();

    private readonly ItemCodec<T> _codec = ItemCodec.For<T>(Json);

    public override Format Format => _codec.Format;

    public override void Write(Stream file, T value)
    {
        if (Shippability.CheckItem(typeof(T)) is { } problem)
        {
            throw new NotSupportedException(problem.Describe("value"));
        }

        file.Write(_codec.ToBytes(value));
    }

    public override T Read(MappedMemory mapped, int offset, Format format)
    {
        using (mapped)
        {
            return ItemCodec.For<T>(format, Json).FromBytes(mapped.Span<byte>(offset, checked((int)(mapped.Size - offset))));
        }
    }
}
