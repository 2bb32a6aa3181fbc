using System.CommandLine;
using System.Text.Json;
using Cluster.Cli.Output;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Cli.Commands.Jobs;

/// <summary><c>cluster job</c>: how a job is, why nothing of it runs, and what has failed.</summary>
internal static class JobCommand
{
    // More kinds of failures tell nobody anything.
    private const int MostFailures = 10;

    private static readonly Option<bool> Wait = new("--wait") { Description = $"Wait for the job's end. Exit code {ExitCodes.Failed}: it ended early, or an item failed." };

    private static readonly Option<bool> Json = new("--json") { Description = "One line of JSON, without the failures." };

    public static Command Create() => JobCall.Command("job", "Show how a submitted job is, why it is not running, and its failures by message.", RunAsync, JobCall.Id, Wait, Json);

    private static async Task<int> RunAsync(ParseResult result, JobCall jobs)
    {
        var id = result.GetRequiredValue(JobCall.Id);
        var info = result.GetValue(Wait) ? await WaitAsync(jobs, id) : await jobs.Service.GetAsync(new GetJobRequest { JobId = id }, jobs.Options);
        var line = JobLine.Of(info);
        if (result.GetValue(Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(line, CliJson.Default.JobLine));
        }
        else
        {
            Print(line, info.Failed == 0 ? [] : await FailuresAsync(jobs, id));
        }

        return result.GetValue(Wait) && (info.State != JobStatus.Done || info.Failed > 0) ? ExitCodes.Failed : ExitCodes.Success;
    }

    private static async Task<JobInfo> WaitAsync(JobCall jobs, string id)
    {
        using var call = jobs.Service.Watch(new WatchJobRequest { JobId = id }, jobs.Options);
        JobInfo? last = null;
        while (await call.ResponseStream.MoveNext(jobs.Options.CancellationToken))
        {
            last = call.ResponseStream.Current;
        }

        return last ?? throw new RpcException(new Status(StatusCode.Unavailable, "The coordinator said nothing about the job."));
    }

    private static async Task<IReadOnlyList<(string Message, int Count, ulong First)>> FailuresAsync(JobCall jobs, string id)
    {
        using var call = jobs.Service.Results(new JobResultsRequest { JobId = id, NoWait = true }, jobs.Options);
        List<(string Message, ulong Index)> failures = [];
        while (await call.ResponseStream.MoveNext(jobs.Options.CancellationToken))
        {
            if (call.ResponseStream.Current is { Error: { } error } item)
            {
                failures.Add(($"{FailureLine.TypeOf(error)}: {error.Message}", item.Index));
            }
        }

        return [.. failures.GroupBy(static failure => failure.Message).Select(static group => (group.Key, group.Count(), group.Min(static failure => failure.Index))).OrderByDescending(static group => group.Item2)];
    }

    private static void Print(JobLine line, IReadOnlyList<(string Message, int Count, ulong First)> failures)
    {
        var output = Console.Out;
        output.WriteLine($"{line.Job}  {line.State}  {line.Name}");
        output.WriteLine($"  {line.Completed} of {line.Items} items have a result, {line.Failed} failed, {line.Running} are running.");
        output.WriteLine($"  Submitted {line.SubmittedAt.ToLocalTime():yyyy-MM-dd HH:mm:ss}{(line.FinishedAt is { } end ? $", ended {end.ToLocalTime():yyyy-MM-dd HH:mm:ss}" : "")}.");
        if (line.WaitingFor is { } reason)
        {
            output.WriteLine($"  Nothing of it runs: {reason}");
        }

        if (line.Error is { } error)
        {
            output.WriteLine($"  It ended early: {error}");
        }

        foreach (var (message, count, first) in failures.Take(MostFailures))
        {
            output.WriteLine($"  {count} × {message}  (first: item {first})");
        }

        if (failures.Count > MostFailures)
        {
            output.WriteLine($"  … and {failures.Count - MostFailures} other messages.");
        }
    }
}
