using System.CommandLine;
using Cluster.Cli.Output;
using Cluster.Protocol.V1;

namespace Cluster.Cli.Commands.Dictionaries;

/// <summary><c>cluster dict delete</c>: removes an entry.</summary>
internal static class DictDeleteCommand
{
    public static Command Create() => DictCall.Command(
        "delete", $"Remove an entry, and print whether there was one. Exit code {ExitCodes.Missing}: there was none.", RunAsync, DictCall.Key);

    private static async Task<int> RunAsync(ParseResult result, DictCall dict)
    {
        var reply = await dict.Service.DeleteAsync(new DictDeleteRequest { Dict = dict.Name, Key = DictCall.KeyOf(result) }, dict.Options);
        return dict.Print(DictLine.Deleted(reply), reply.Deleted ? ExitCodes.Success : ExitCodes.Missing);
    }
}
