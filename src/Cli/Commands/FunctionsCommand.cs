using System.CommandLine;
using Cluster.Cli.Output;
using Cluster.Client;
using Grpc.Core;

namespace Cluster.Cli.Commands;

/// <summary><c>cluster functions</c>: what can be called by name.</summary>
internal static class FunctionsCommand
{
    private static readonly ConnectionOptions Connection = ConnectionOptions.Usual;

    private static readonly Argument<string> SetName = new("set")
    {
        Description = "Only this set; SET@VERSION: that version of it. Default: the current versions of all sets.",
        HelpName = "SET",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<bool> Forget = new("--forget") { Description = "Forget the set with all its versions; with SET@VERSION, that version. Jobs that run are not disturbed." };
    private static readonly Option<bool> Json = new("--json") { Description = "A line of JSON per function in place of the table." };

    public static Command Create()
    {
        var command = new Command("functions", "List the functions that can be called by name; cluster push gives them names.") { SetName, Forget, Json };
        Connection.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken termination)
    {
        var set = result.GetRequiredValue(SetName);
        var forget = result.GetValue(Forget);
        if (forget && set.Length == 0)
        {
            throw new UsageException("--forget needs the name of a set.");
        }

        await using var client = await Connection.ConnectAsync(result, termination);
        try
        {
            if (forget)
            {
                await client.UnregisterFunctionsAsync(set, termination);
            }
            else
            {
                FunctionLine.Print(await client.FunctionsAsync(set, termination), result.GetValue(Json));
            }

            return ExitCodes.Success;
        }
        catch (ClusterException exception) when (exception.InnerException is RpcException { StatusCode: StatusCode.NotFound } missing)
        {
            throw new MissingEntryException(missing.Status.Detail, exception);
        }
    }
}
