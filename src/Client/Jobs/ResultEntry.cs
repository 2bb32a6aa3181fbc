using Cluster.Protocol.V1;

namespace Cluster.Client.Jobs;

/// <summary>Results of consecutive items: one message, or the fragments of one large result.</summary>
/// <param name="First">Index of the first item.</param>
/// <param name="Count">Number of items.</param>
/// <param name="Bytes">Bytes of the results.</param>
/// <param name="Whole">The message; null where there are fragments.</param>
/// <param name="Fragments">The fragments, in order.</param>
internal readonly record struct ResultEntry(long First, int Count, long Bytes, Batch? Whole, IReadOnlyList<Batch>? Fragments)
{
    /// <summary>The messages, in the order in which a reader must open them.</summary>
    public IEnumerable<Batch> Messages => Whole is { } whole ? [whole] : Fragments!;
}
