using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Memory;

/// <summary>What things take in memory, roughly, and the same on every machine.</summary>
internal static class Weight
{
    /// <summary>An object without content.</summary>
    public const long Object = 512;

    /// <summary>An entry of a dictionary without its key and value.</summary>
    public const long Entry = 192;

    /// <summary>A place for a value.</summary>
    public const long Slot = 16;

    /// <summary>A reply, or a request that waits, without its content.</summary>
    public const long Message = 128;

    // The message, the string of bytes and its array.
    private const long Value = 80;

    public static long Of(Payload? value) => value is null ? 0 : Value + value.Data.Length;

    public static long Of(IEnumerable<Payload> values) => values.Sum(Of);

    public static long Of(ObjectReply reply) => reply.ResultCase is ObjectReply.ResultOneofCase.Done or ObjectReply.ResultOneofCase.Flag or ObjectReply.ResultOneofCase.Count
        ? Message
        : Message + reply.CalculateSize();

    public static long Of(ObjectRequest request) => Message + request.CalculateSize();
}
