using System.CommandLine;
using Cluster.Cli.Output;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Cli.Commands.Dictionaries;

/// <summary><c>cluster dict list</c>: all entries.</summary>
internal static class DictListCommand
{
    public static Command Create() => DictCall.Command(
        "list", "Print all entries as they are at one revision, with their versions, in the order in which they were added. A dictionary that does not exist is empty.", RunAsync);

    private static async Task<int> RunAsync(ParseResult result, DictCall dict)
    {
        try
        {
            var reply = await dict.Service.ListAsync(new DictListRequest { Dict = dict.Name }, dict.Options);
            foreach (var item in reply.Items)
            {
                dict.Output.Write(DictLine.Entry(item));
            }
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
        {
            // More than fits a message; a watch begins with the same.
            using var watch = dict.Service.Watch(new DictWatchRequest { Dict = dict.Name }, dict.Options);
            while (await watch.ResponseStream.MoveNext(dict.Options.CancellationToken) && watch.ResponseStream.Current.Set is { } item)
            {
                dict.Output.Write(DictLine.Entry(item));
            }
        }

        dict.Output.Flush();
        return ExitCodes.Success;
    }
}
