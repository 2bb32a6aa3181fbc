using System.CommandLine;
using System.Diagnostics;
using Cluster.Cli.Hosting;
using Cluster.Local.Programs;

namespace Cluster.Cli.Commands;

/// <summary>A command that is a program of the cluster, with that program's own options.</summary>
internal static class ProgramCommand
{
    /// <summary>Runs the program if its name is the first argument: the rest, <c>--help</c> included, is the program's.</summary>
    public static Func<CancellationToken, Task<int>>? Match(string[] args) => args switch
    {
        [CoordinatorCommand.Name, .. var rest] => termination => RunAsync(programs => programs.StartCoordinator(rest), termination),
        [NodeCommand.Name, .. var rest] => termination => RunAsync(programs => programs.StartNode(rest), termination),
        _ => null,
    };

    /// <summary>Makes the command known to the help.</summary>
    public static Command Describe(string name, string description) => new(name, description) { TreatUnmatchedTokensAsErrors = false };

    private static Task<int> RunAsync(Func<ClusterPrograms, ProcessStartInfo> start, CancellationToken termination) =>
        ForegroundProgram.RunAsync(start(ClusterPrograms.Locate(directory: null)), termination);
}
