namespace Cluster.TestKit.Linearizability;

/// <summary>A part of a history that no order explains.</summary>
/// <param name="States">The states that it may have begun in, after all that came before.</param>
/// <param name="Operations">The part, in the order of the calls: as short as could be, without the reads that do not matter.</param>
/// <param name="Explained">The most of it that an order was found for.</param>
public sealed record Violation(IReadOnlyList<string> States, IReadOnlyList<string> Operations, IReadOnlyList<string> Explained)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"From {string.Join(" or ", States)} no order explains these {Operations.Count} operations:{Lines(Operations)}\nAn order of {Explained.Count} of them:{Lines(Explained)}";

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(static line => $"\n  {line}"));
}
