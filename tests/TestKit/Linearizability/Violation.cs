namespace Cluster.TestKit.Linearizability;

/// <summary>A part of a history that no order explains.</summary>
/// <param name="Operations">The shortest beginning that cannot be explained, without the reads that do not matter, in the order of the calls.</param>
/// <param name="Explained">The most of it that an order was found for.</param>
public sealed record Violation(IReadOnlyList<string> Operations, IReadOnlyList<string> Explained)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"No order explains these {Operations.Count} operations:\n  {string.Join("\n  ", Operations)}\nAn order of {Explained.Count} of them:\n  {string.Join("\n  ", Explained)}";
}
