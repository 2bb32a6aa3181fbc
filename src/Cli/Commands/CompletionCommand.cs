using System.CommandLine;
using Cluster.Cli.Completion;

namespace Cluster.Cli.Commands;

/// <summary><c>cluster completion</c>: the script with which a shell completes command lines.</summary>
internal static class CompletionCommand
{
    private static readonly Argument<string> Shell = new Argument<string>("shell") { Description = "The shell.", HelpName = "SHELL" }.AcceptOnlyFromAmong([.. CompletionScript.Shells]);

    public static Command Create()
    {
        var command = new Command(
            "completion",
            "Print a script that has a shell complete commands, options, and names of what the cluster has: bash, zsh, fish or pwsh. In ~/.bashrc: source <(cluster completion bash)")
        {
            Shell,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult result)
    {
        Console.Out.Write(CompletionScript.Of(result.GetRequiredValue(Shell)));
        return ExitCodes.Success;
    }
}
