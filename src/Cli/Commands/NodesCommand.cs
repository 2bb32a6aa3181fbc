using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cluster.Cli.Output;
using Cluster.Client;
using Spectre.Console;

namespace Cluster.Cli.Commands;

/// <summary><c>cluster nodes</c>: who is attached.</summary>
internal static class NodesCommand
{
    private static readonly ConnectionOptions Connection = new(ConnectionOptions.DefaultAddress);
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
        var address = Connection.Address(result) ?? ConnectionOptions.DefaultAddress;
        await using var client = await Connection.ConnectAsync(address, result, termination);
        var nodes = await client.NodesAsync(termination);
        if (result.GetValue(Json))
        {
            foreach (var node in nodes)
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(NodeLine.Of(node), CliJson.Default.NodeLine));
            }
        }
        else
        {
            AnsiConsole.Write(ToTable(nodes));
        }

        return ExitCodes.Success;
    }

    private static Table ToTable(IEnumerable<ClusterNode> nodes)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("NAME", "STATE", "SLOTS", "CHUNKS", "ITEMS", "LABELS", "HOST", "PID", "VERSION");
        foreach (var node in nodes)
        {
            string[] cells =
            [
                node.Name, NodeLine.StateOf(node), Text(node.Slots), Text(node.Chunks), Text(node.Items),
                string.Join(',', node.Labels.Select(label => $"{label.Key}={label.Value}")), node.Host, Text(node.Pid), node.Version,
            ];
            table.AddRow([.. cells.Select(cell => new Text(cell))]);
        }

        return table;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
