using System.Runtime.InteropServices;

namespace Cluster.Coordinator.Scheduling;

/// <summary>Items that wait for a node and share one history.</summary>
/// <param name="Items">The items.</param>
/// <param name="BytesPerItem">Size of an input, on average.</param>
/// <param name="Attempt">Which attempt the next one is; 1 for the first.</param>
/// <param name="Losses">How many workers died while they held one of these items alone.</param>
/// <param name="Alone">Each goes in a chunk of its own, to a worker of its own, because a worker or a node was lost while it held them together.</param>
/// <param name="NodeLosses">How many nodes were lost while a worker there held these items.</param>
/// <param name="WasOut">A node has held them.</param>
/// <param name="Kills">How many workers were killed from outside while they held one of these items alone.</param>
/// <param name="Tries">How many attempts at these items were ended because their time was up.</param>
/// <param name="Avoid">Name of the node where a worker, or which itself, was lost with them; null: there is none. They go to another that has room.</param>
/// <param name="MemoryKills">How many workers were ended for the memory that they took while they held one of these items alone.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PendingSegment(
    ItemRange Items, double BytesPerItem, uint Attempt = 1, byte Losses = 0, bool Alone = false, byte NodeLosses = 0, bool WasOut = false, byte Kills = 0, ushort Tries = 0,
    string? Avoid = null, byte MemoryKills = 0)
{
    /// <summary>Whether the items of <paramref name="next"/> may join these: consecutive, of the same history and of a similar size.</summary>
    public bool Joins(in PendingSegment next) =>
        Items.End == next.Items.First && Attempt == next.Attempt && Losses == next.Losses && Kills == next.Kills && NodeLosses == next.NodeLosses && Alone == next.Alone && WasOut == next.WasOut
        && Tries == next.Tries && MemoryKills == next.MemoryKills && Avoid == next.Avoid
        && BytesPerItem <= (2 * next.BytesPerItem) + 64 && next.BytesPerItem <= (2 * BytesPerItem) + 64;

    /// <summary>Both as one.</summary>
    public PendingSegment With(in PendingSegment next)
    {
        ulong count = Items.Count + next.Items.Count;
        double bytes = (BytesPerItem * Items.Count) + (next.BytesPerItem * next.Items.Count);
        return this with { Items = new ItemRange(Items.First, count), BytesPerItem = bytes / count };
    }

    /// <summary>Some of the items, with the same history.</summary>
    public PendingSegment Slice(ulong first, ulong end) => this with { Items = ItemRange.Between(first, end) };
}
