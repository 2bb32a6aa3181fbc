using System.CommandLine;
using Cluster.Cli.Output;
using Cluster.Client;

namespace Cluster.Cli.Commands;

/// <summary><c>cluster nodes</c>: who is attached.</summary>
internal static class NodesCommand
{
    private static readonly ConnectionOptions Connection = ConnectionOptions.Usual;
    private static readonly Option<bool> Json = new("--json") { Description = "A line of JSON per node in place of the table." };

    public static Command Create()
    {
        var command = new Command("nodes", "List the nodes that are attached to a coordinator.") { Json };
        Connection.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken termination)
    {
        await using var client = await Connection.ConnectAsync(result, termination);
        var nodes = await client.NodesAsync(termination);
        if (result.GetValue(Json))
        {
            Listing.PrintLines(nodes.Select(NodeLine.Of), CliJson.Default.NodeLine);
        }
        else
        {
            Listing.PrintTable(["NAME", "STATE", "SLOTS", "CHUNKS", "ITEMS", "LABELS", "HOST", "PID", "VERSION"], nodes.Select(Row));
        }

        return ExitCodes.Success;
    }

    private static string[] Row(ClusterNode node) =>
    [
        node.Name, NodeLine.Describe(node), Listing.Cell(node.Slots), Listing.Cell(node.Chunks), Listing.Cell(node.Items),
        string.Join(',', node.Labels.Select(label => $"{label.Key}={label.Value}")), node.Host, Listing.Cell(node.Pid), node.Version,
    ];
}
