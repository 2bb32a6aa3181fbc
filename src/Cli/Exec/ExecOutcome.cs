namespace Cluster.Cli.Exec;

/// <summary>What became of an item.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Item">The item.</param>
/// <param name="Command">What was run.</param>
internal sealed record ExecOutcome(long Index, string Item, IReadOnlyList<string> Command)
{
    /// <summary>The exit code; −1: the program did not end by itself, or never began.</summary>
    public int ExitCode { get; init; }

    /// <summary>The signal that ended it; 0: none.</summary>
    public int Signal { get; init; }

    /// <summary>Where it ran; empty: nowhere.</summary>
    public string Node { get; init; } = "";

    /// <summary>When it was sent.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>How long it ran.</summary>
    public TimeSpan Elapsed { get; init; }

    public byte[] Output { get; init; } = [];

    public byte[] Error { get; init; } = [];

    /// <summary>Why there is no exit code; null: there is one.</summary>
    public string? Problem { get; init; }

    /// <summary>It was ended because enough was known.</summary>
    public bool IsHalted { get; init; }

    public bool HasSucceeded => ExitCode == 0 && Signal == 0 && Problem is null;
}
