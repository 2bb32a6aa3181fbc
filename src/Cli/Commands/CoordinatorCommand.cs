using System.CommandLine;

namespace Cluster.Cli.Commands;

/// <summary><c>cluster coordinator</c>: a coordinator in the foreground.</summary>
internal static class CoordinatorCommand
{
    public const string Name = "coordinator";

    public static Command Create() => ProgramCommand.Describe(Name, "Run a coordinator. Its options: cluster coordinator --help");
}
