using System.CommandLine;
using Cluster.Cli.Output;
using Cluster.Protocol.V1;

namespace Cluster.Cli.Commands.Jobs;

/// <summary><c>cluster results</c>: what came of a job, in the order of its items.</summary>
internal static class ResultsCommand
{
    private static readonly Option<ulong> From = new("--from") { Description = "The item to begin with, from 0." };

    private static readonly Option<bool> NoWait = new("--no-wait") { Description = "End at the first item that has no result yet, rather than waiting for it." };

    private static readonly Option<bool> Quiet = QuietOption.Create();

    public static Command Create() => JobCall.Command(
        "results",
        $"Print the results of a submitted job as lines of JSON, in the order of its items; a failure is {{\"error\":{{…}}}} in its place. Exit code {ExitCodes.Failed}: an item failed.",
        RunAsync,
        JobCall.Id, From, NoWait, Quiet);

    private static async Task<int> RunAsync(ParseResult result, JobCall jobs)
    {
        var request = new JobResultsRequest { JobId = result.GetRequiredValue(JobCall.Id), FromIndex = result.GetValue(From), NoWait = result.GetValue(NoWait) };
        var status = StatusLine.OnStandardError(result.GetValue(Quiet));
        var progress = new ItemProgress(status.IsVisible ? await CountAsync(jobs, request) : null, TimeProvider.System);

        // Another call goes on where this one broke.
        using var stream = jobs.Resume<ItemResult>(request.JobId, options => jobs.Service.Results(request, options));
        await using var ticker = new StatusTicker(status, Describe, TimeProvider.System);
        var writer = new ResultWriter(StandardOutput.Open(), status);
        var exitCode = ExitCodes.Success;
        while (true)
        {
            var next = stream.NextAsync(jobs.Options.CancellationToken);
            if (!next.IsCompleted)
            {
                writer.Flush();
            }

            if (await next is not { } item)
            {
                writer.Flush();
                return exitCode;
            }

            request.FromIndex = item.Index + 1;
            if (item.Error is { } error)
            {
                exitCode = ExitCodes.Failed;
                progress.AddFailure();
                writer.Write(FailureLine.Of(item.Index, error));
            }
            else
            {
                progress.AddResult();
                writer.Write(JsonLine.Of(item.Value));
            }
        }

        string Describe()
        {
            progress.WaitFor(stream.Outage);
            return progress.Describe();
        }
    }

    private static async Task<long?> CountAsync(JobCall jobs, JobResultsRequest request)
    {
        var info = await jobs.Service.GetAsync(new GetJobRequest { JobId = request.JobId }, jobs.Options);
        return (long)(info.Items - Math.Min(info.Items, request.FromIndex));
    }
}
