using System.CommandLine;

namespace Cluster.Cli.Commands;

/// <summary>The option of commands that show their progress.</summary>
internal static class QuietOption
{
    public static Option<bool> Create() => new("--quiet", "-q") { Description = "No progress on stderr: neither the bar of a terminal, nor a line every ten seconds elsewhere." };
}
