namespace Cluster.Cli.Completion;

/// <summary>The scripts of the shells. They ask the command itself, see <see cref="Suggestions"/>.</summary>
internal static class CompletionScript
{
    private static readonly Dictionary<string, string> Files = new(StringComparer.Ordinal) { ["bash"] = "cluster.bash", ["zsh"] = "cluster.zsh", ["fish"] = "cluster.fish", ["pwsh"] = "cluster.ps1" };

    /// <summary>The shells that have one.</summary>
    public static IEnumerable<string> Shells => Files.Keys;

    /// <summary>The script of a shell.</summary>
    public static string Of(string shell)
    {
        using var reader = new StreamReader(typeof(CompletionScript).Assembly.GetManifestResourceStream(Files[shell])!);
        return reader.ReadToEnd();
    }
}
