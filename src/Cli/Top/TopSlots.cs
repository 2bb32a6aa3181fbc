namespace Cluster.Cli.Top;

/// <summary>The slots of all nodes together.</summary>
/// <param name="Busy">Those of nodes that take work, and have some in them.</param>
/// <param name="Free">Those that could take work now.</param>
/// <param name="Draining">Those of nodes that are to leave.</param>
/// <param name="Silent">Those of nodes that have not been heard of.</param>
internal sealed record TopSlots(int Busy, int Free, int Draining, int Silent)
{
    public static TopSlots Of(IReadOnlyCollection<TopNode> nodes)
    {
        TopNode[] ready = [.. nodes.Where(static node => node.State == "ready")];
        return new TopSlots(
            ready.Sum(static node => node.Busy),
            ready.Sum(static node => node.Slots - node.Busy),
            nodes.Where(static node => node.State == "draining").Sum(static node => node.Slots),
            nodes.Where(static node => node.State == "suspect").Sum(static node => node.Slots));
    }
}
