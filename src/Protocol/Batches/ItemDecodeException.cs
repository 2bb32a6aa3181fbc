namespace Cluster.Protocol.Batches;

/// <summary>The bytes of one item do not fit the type that they are read as. The items after it can still be read.</summary>
/// <param name="index">The item's index in the job.</param>
/// <param name="message">What did not fit, and why.</param>
/// <param name="inner">The deserializer's own exception.</param>
public sealed class ItemDecodeException(ulong index, string message, Exception? inner) : Exception(message, inner)
{
    /// <summary>The item's index in the job.</summary>
    public ulong Index { get; } = index;
}
