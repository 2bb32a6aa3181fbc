using System.CommandLine;

namespace Cluster.Cli.Commands;

/// <summary><c>cluster node</c>: a node daemon in the foreground.</summary>
internal static class NodeCommand
{
    public const string Name = "node";

    public static Command Create() => ProgramCommand.Describe(Name, "Run a node daemon that attaches to a coordinator. Its options: cluster node --help");
}
