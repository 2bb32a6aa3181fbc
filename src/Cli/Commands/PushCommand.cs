using System.CommandLine;
using Cluster.Cli.Output;
using Cluster.Client;

namespace Cluster.Cli.Commands;

/// <summary><c>cluster push</c>: gives the functions of an assembly names.</summary>
internal static class PushCommand
{
    private static readonly ConnectionOptions Connection = ConnectionOptions.Usual;

    private static readonly Argument<string> Assembly = new("assembly")
    {
        Description = "The assembly, such as bin/Debug/net10.0/app.dll. What it references and its XML documentation travel along from the same folder.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> SetName = new("--name", "-n")
    {
        Description = "Name of the set: function f of it is called NAME/f. Default: the file's name, in lower case.",
        HelpName = "NAME",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "A line of JSON per function in place of the table." };

    public static Command Create()
    {
        var command = new Command("push", "Upload an assembly and give its functions names, under which anybody can call them: static methods with [ClusterFunction].") { Assembly, SetName, Json };
        Connection.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken termination)
    {
        var path = result.GetRequiredValue(Assembly);
        await using var client = await Connection.ConnectAsync(result, termination);
        try
        {
            var set = await client.PushAsync(path, result.GetValue(SetName) ?? Path.GetFileNameWithoutExtension(path).ToLowerInvariant(), termination);
            FunctionLine.Print([set], result.GetValue(Json));
            return ExitCodes.Success;
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            throw new UsageException($"{exception.Message} Push the .dll that a build puts out.", exception);
        }
    }
}
