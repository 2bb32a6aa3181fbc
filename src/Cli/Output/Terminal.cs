namespace Cluster.Cli.Output;

/// <summary>What the terminal can do, if there is one.</summary>
internal static class Terminal
{
    /// <summary>Stdout is a terminal that can be written over.</summary>
    public static bool IsOnStandardOutput => !Console.IsOutputRedirected && HasCursor;

    /// <summary>Stderr is one.</summary>
    public static bool IsOnStandardError => !Console.IsErrorRedirected && HasCursor;

    /// <summary>Its user does not mind colours (no-color.org).</summary>
    public static bool HasColors => Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 };

    private static bool HasCursor => Environment.GetEnvironmentVariable("TERM") != "dumb";
}
