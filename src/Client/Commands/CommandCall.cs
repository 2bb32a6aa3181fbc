namespace Cluster.Client;

/// <summary>A program to run on a node, for <see cref="CommandTask"/>.</summary>
public sealed record CommandCall
{
    /// <summary>The program, which the node has to have, and its arguments. No shell reads them.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>What the program reads from its stdin. Default (null): nothing.</summary>
    public byte[]? Input { get; init; }

    /// <summary>Where it runs, on the node. Default (null): where the node's worker does.</summary>
    public string? Directory { get; init; }

    /// <summary>Variables for it, beside those of the node's worker. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>How many bytes it may write to its stdout, and to its stderr; with more it is ended and the task fails. Default: 64 MiB.</summary>
    public int MaxOutputBytes { get; init; } = 64 << 20;
}
