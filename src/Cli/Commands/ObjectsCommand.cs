using System.CommandLine;
using Cluster.Cli.Output;
using Cluster.Client;

namespace Cluster.Cli.Commands;

/// <summary><c>cluster objects</c>: which shared objects there are.</summary>
internal static class ObjectsCommand
{
    private static readonly string[] Kinds = [.. Enum.GetValues<SharedObjectKind>().Where(kind => kind != SharedObjectKind.Unknown).Select(ObjectLine.NameOf)];

    private static readonly ConnectionOptions Connection = ConnectionOptions.Usual;

    private static readonly Option<string> Prefix = new("--prefix")
    {
        Description = "Only those whose names begin like this.",
        HelpName = "PREFIX",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<SharedObjectKind?> Kind = new("--kind") { Description = "Only those of this kind.", HelpName = "KIND" };
    private static readonly Option<bool> All = new("--all") { Description = "Those without a name too." };
    private static readonly Option<bool> Json = new("--json") { Description = "A line of JSON per object in place of the table." };

    public static Command Create()
    {
        Kind.AcceptOnlyFromAmong(Kinds);
        var command = new Command("objects", $"List the shared objects of a cluster, in the order in which they were made. Kinds: {string.Join(", ", Kinds)}.")
        {
            Prefix, Kind, All, Json,
        };
        Connection.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken termination)
    {
        await using var client = await Connection.ConnectAsync(result, termination);
        var objects = await client.ListObjectsAsync(result.GetRequiredValue(Prefix), result.GetValue(Kind), result.GetValue(All), termination);
        if (result.GetValue(Json))
        {
            Listing.PrintLines(objects.Select(ObjectLine.Of), CliJson.Default.ObjectLine);
        }
        else
        {
            Listing.PrintTable(["NAME", "KIND", "COUNT", "REFERENCES", "WAITING", "WATCHES"], objects.Select(Row));
        }

        return ExitCodes.Success;
    }

    private static string[] Row(SharedObjectInfo info) =>
    [
        info.Name.Length > 0 ? info.Name : $"(anonymous {Listing.Cell(info.Id)})", ObjectLine.NameOf(info.Kind), Listing.Cell(info.Count), Listing.Cell(info.References), Listing.Cell(info.Waiting),
        Listing.Cell(info.Watches),
    ];
}
