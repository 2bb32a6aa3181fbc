namespace Cluster.Protocol.Batches;

/// <summary>One item cannot be written: its type or its value has no form that travels. The batch around it is unharmed.</summary>
/// <param name="index">The item's index in the job.</param>
/// <param name="message">What could not be written, and why.</param>
/// <param name="inner">The serializer's own exception.</param>
public sealed class ItemEncodeException(ulong index, string message, Exception inner) : Exception(message, inner)
{
    /// <summary>The item's index in the job.</summary>
    public ulong Index { get; } = index;
}
