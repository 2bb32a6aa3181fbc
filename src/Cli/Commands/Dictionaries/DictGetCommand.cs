using System.CommandLine;
using Cluster.Cli.Output;
using Cluster.Protocol.V1;

namespace Cluster.Cli.Commands.Dictionaries;

/// <summary><c>cluster dict get</c>: the value of a key.</summary>
internal static class DictGetCommand
{
    public static Command Create() => DictCall.Command(
        "get", $"Print the value of a key. What is neither text nor JSON is printed as {{\"bytes\": base64}}. Exit code {ExitCodes.Missing}: there is no such entry.", RunAsync, DictCall.Key);

    private static async Task<int> RunAsync(ParseResult result, DictCall dict) =>
        dict.Print(DictLine.Value(await dict.Service.GetAsync(new DictGetRequest { Dict = dict.Name, Key = DictCall.KeyOf(result) }, dict.Options)));
}
