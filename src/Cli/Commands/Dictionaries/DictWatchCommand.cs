using System.CommandLine;
using Cluster.Cli.Output;
using Cluster.Client.Connection;
using Cluster.Client.Jobs;
using Cluster.Protocol.V1;

namespace Cluster.Cli.Commands.Dictionaries;

/// <summary><c>cluster dict watch</c>: prints changes as they happen, each once, over broken connections too.</summary>
internal static class DictWatchCommand
{
    private static readonly Option<ulong?> From = new("--from")
    {
        Description = "The first revision of interest, such as one more than the last that another watch has printed. Default: begin with the whole content.",
        HelpName = "REVISION",
    };

    private static readonly Option<TimeSpan?> ReconnectTimeout = SecondsOption.Create(
        "--reconnect-timeout",
        "For how long to look for a coordinator that is out of reach, in seconds; 0: end when the connection breaks. Default: 60.",
        TimeSpan.FromSeconds(1e6),
        takesZero: true);

    public static Command Create() => DictCall.Command(
        "watch",
        "Print a dictionary's content and then its changes as they happen, until Ctrl-C (exit code 130). Each line has an event: set, deleted, cleared; current: what there was "
        + "is complete, changes follow; compacted: the changes since --from, or since the connection broke, are not known any more, the whole content follows. When the connection breaks the "
        + "watch goes on after the last change that was printed.",
        RunAsync,
        From,
        ReconnectTimeout);

    private static async Task<int> RunAsync(ParseResult result, DictCall dict)
    {
        var position = new WatchPosition(result.GetValue(From) ?? 0);
        var connection = dict.Connection;
        var outage = new JobOutage(connection.TimeProvider, result.GetValue(ReconnectTimeout) ?? connection.Options.ReconnectTimeout);
        try
        {
            await connection.Redialling.ExecuteAsync(
                static async (state, _) => await FollowAsync(state.dict, state.position, state.outage), (dict, position, outage), dict.Options.CancellationToken);
        }
        catch (ConnectionBrokenException exception)
        {
            throw exception.InnerException!;
        }

        return ExitCodes.Success;
    }

    private static async Task FollowAsync(DictCall dict, WatchPosition position, JobOutage outage)
    {
        var token = dict.Options.CancellationToken;
        try
        {
            outage.Try();
            if (outage.Attempts > 1)
            {
                await dict.Connection.KnockAsync(outage.Left, token);
            }

            outage.BeginRun(position.Taken);
            var request = new DictWatchRequest { Dict = dict.Name };
            position.Begin(request);
            using var watch = dict.Service.Watch(request, dict.Options);
            var next = watch.ResponseStream.MoveNext(token);
            while (await next)
            {
                if (position.Take(watch.ResponseStream.Current))
                {
                    dict.Output.Write(DictLine.Change(watch.ResponseStream.Current));
                }

                next = watch.ResponseStream.MoveNext(token);
                if (!next.IsCompleted)
                {
                    dict.Output.Flush();
                }
            }

            dict.Output.Flush();
        }
        catch (Exception exception) when (ConnectionBreak.Is(exception) && !token.IsCancellationRequested)
        {
            dict.Output.Flush();
            outage.EndRun(position.Taken);
            throw outage.IsOver ? exception : new ConnectionBrokenException(exception);
        }
    }
}
