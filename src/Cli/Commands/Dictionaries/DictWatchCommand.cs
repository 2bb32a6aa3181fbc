using System.CommandLine;
using Cluster.Cli.Output;
using Cluster.Protocol.V1;

namespace Cluster.Cli.Commands.Dictionaries;

/// <summary><c>cluster dict watch</c>: prints changes as they happen.</summary>
internal static class DictWatchCommand
{
    private static readonly Option<ulong?> From = new("--from")
    {
        Description = "The first revision of interest, such as one more than the last that another watch has printed. Default: begin with the whole content.",
        HelpName = "REVISION",
    };

    public static Command Create() => DictCall.Command(
        "watch",
        "Print a dictionary's content and then its changes as they happen, until Ctrl-C (exit code 130). Each line has an event: set, deleted, cleared; current: what there was "
        + "is complete, changes follow; compacted: the changes since --from are not known any more, the whole content follows.",
        RunAsync,
        From);

    private static async Task<int> RunAsync(ParseResult result, DictCall dict)
    {
        using var watch = dict.Service.Watch(new DictWatchRequest { Dict = dict.Name, FromRevision = result.GetValue(From) ?? 0 }, dict.Options);
        var next = watch.ResponseStream.MoveNext(dict.Options.CancellationToken);
        while (await next)
        {
            dict.Output.Write(DictLine.Change(watch.ResponseStream.Current));
            next = watch.ResponseStream.MoveNext(dict.Options.CancellationToken);
            if (!next.IsCompleted)
            {
                dict.Output.Flush();
            }
        }

        dict.Output.Flush();
        return ExitCodes.Success;
    }
}
