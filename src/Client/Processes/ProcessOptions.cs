namespace Cluster.Client;

/// <summary>How to run a process. Immutable; use <c>with</c> to vary it.</summary>
public sealed record ProcessOptions
{
    internal static readonly ProcessOptions Default = new();

    /// <summary>Its name, for people. Default (null): <c>Process-1</c>, <c>Process-2</c>, …</summary>
    public string? Name { get; init; }

    /// <summary>
    /// It ends with the client: disposing the client does not wait for it. Default: false, disposing the client waits until it has ended by itself. Either way it
    /// ends when the client's program dies.
    /// </summary>
    public bool Daemon { get; init; }

    /// <summary>Only nodes whose labels contain all of these run it. Default: any node.</summary>
    public IReadOnlyDictionary<string, string>? Requires { get; init; }

    /// <summary>
    /// Gets the lines that it writes to stdout and stderr, the stack of an unhandled exception included. Default (null): they go to this program's
    /// <see cref="Console.Out"/> and <see cref="Console.Error"/>.
    /// </summary>
    public Action<OutputLine>? OnOutput { get; init; }

    /// <summary>How long to wait for a node that may run it. Default (null): <see cref="ClusterClientOptions.NoNodesTimeout"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than 24 days.</exception>
    public TimeSpan? NoNodesTimeout
    {
        get;
        init => field = value is { } timeout ? OptionCheck.Timeout(timeout, nameof(NoNodesTimeout)) : null;
    }
}
