using System.CommandLine;
using Cluster.Cli.Output;
using Cluster.Protocol.V1;

namespace Cluster.Cli.Commands.Jobs;

/// <summary><c>cluster results</c>: what came of a job, in the order of its items.</summary>
internal static class ResultsCommand
{
    private static readonly Option<ulong> From = new("--from") { Description = "The item to begin with, from 0." };

    private static readonly Option<bool> NoWait = new("--no-wait") { Description = "End at the first item that has no result yet, rather than waiting for it." };

    public static Command Create() => JobCall.Command(
        "results",
        $"Print the results of a submitted job as lines of JSON, in the order of its items; a failure is {{\"error\":{{…}}}} in its place. Exit code {ExitCodes.Failed}: an item failed.",
        RunAsync,
        JobCall.Id, From, NoWait);

    private static async Task<int> RunAsync(ParseResult result, JobCall jobs)
    {
        var request = new JobResultsRequest { JobId = result.GetRequiredValue(JobCall.Id), FromIndex = result.GetValue(From), NoWait = result.GetValue(NoWait) };
        var writer = new ResultWriter(StandardOutput.Open(), new StatusLine(terminal: null));
        var exitCode = ExitCodes.Success;
        using var call = jobs.Service.Results(request, jobs.Options);
        while (true)
        {
            var next = call.ResponseStream.MoveNext(jobs.Options.CancellationToken);
            if (!next.IsCompleted)
            {
                writer.Flush();
            }

            if (!await next)
            {
                writer.Flush();
                return exitCode;
            }

            var item = call.ResponseStream.Current;
            if (item.Error is { } error)
            {
                exitCode = ExitCodes.Failed;
                writer.Write(FailureLine.Of(item.Index, error));
            }
            else
            {
                writer.Write(JsonLine.Of(item.Value));
            }
        }
    }
}
