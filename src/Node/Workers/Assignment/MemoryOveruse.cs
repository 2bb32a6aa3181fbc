using System.Globalization;

namespace Cluster.Node.Workers.Assignment;

/// <summary>Why a worker is ended for its memory.</summary>
/// <param name="Limit">How many bytes the worker may have, or all workers of the node together.</param>
/// <param name="Used">How many it has, or they have.</param>
/// <param name="Own">How many it has itself.</param>
/// <param name="OfNode">All together have too much, and it has the most.</param>
internal sealed record MemoryOveruse(long Limit, long Used, long Own, bool OfNode)
{
    /// <summary>For people: what was too much, and what to do.</summary>
    public override string ToString() => OfNode
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"the node's workers together had {MiB(Used)} MiB of the {MiB(Limit)} MiB of memory that it may use, and this one had the most, {MiB(Own)} MiB. ")
            + "Let the function take less memory at a time, or run fewer workers on the node (--workers)."
        : string.Create(CultureInfo.InvariantCulture, $"it had {MiB(Own)} MiB of memory, and a worker may have {MiB(Limit)} MiB here (--worker-memory). ")
            + "Let the function take less memory at a time, or give workers more: a higher limit, or fewer workers on the node (--workers).";

    private static long MiB(long bytes) => bytes >> 20;
}
