using System.CommandLine;
using System.Globalization;

namespace Cluster.Cli.Commands;

/// <summary><c>cluster drain</c>: has a node leave without a failure.</summary>
internal static class DrainCommand
{
    private static readonly ConnectionOptions Connection = ConnectionOptions.Usual;

    public static readonly Argument<string> Node = new("node") { Description = "The node's name; cluster nodes lists them.", HelpName = "NODE" };

    private static readonly Option<int?> Grace = new("--grace")
    {
        Description = "How long what the node runs may go on, in seconds; what is left then runs elsewhere. Default: the node's own (--drain-grace), 30.",
        HelpName = "SECONDS",
        Validators =
        {
            result =>
            {
                // What is no number at all is refused by the parser.
                if (result.Tokens is [var token] && int.TryParse(token.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var seconds) && seconds < 0)
                {
                    result.AddError("--grace cannot be negative.");
                }
            },
        },
    };

    private static readonly Option<bool> NoWait = new("--no-wait") { Description = "Return when the node has been told, rather than when it has left." };

    public static Command Create()
    {
        var command = new Command(
            "drain", "Have a node leave: it takes no new work, hands back what has not begun, finishes what runs within the grace, and ends with exit code 0.")
        {
            Node, Grace, NoWait,
        };
        Connection.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken termination)
    {
        await using var client = await Connection.ConnectAsync(result, termination);
        TimeSpan? grace = result.GetValue(Grace) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        await client.DrainNodeAsync(result.GetRequiredValue(Node), grace, !result.GetValue(NoWait), termination);
        return ExitCodes.Success;
    }
}
