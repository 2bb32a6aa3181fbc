namespace Cluster.Containers.Engine;

/// <summary>A command of podman's failed.</summary>
internal sealed class PodmanException(IEnumerable<string> arguments, int exitCode, string output, string error)
    : Exception($"podman {string.Join(' ', arguments)} ended with exit code {exitCode}.\n{LastOf(output)}\n{LastOf(error)}")
{
    private const int Shown = 4000;

    public int ExitCode => exitCode;

    public string Error => error;

    private static string LastOf(string text) => text.Length <= Shown ? text : $"…{text[^Shown..]}";
}
