using System.CommandLine;
using System.Text.Json;
using Cluster.Cli.Output;
using Cluster.Protocol.V1;

namespace Cluster.Cli.Commands.Jobs;

/// <summary><c>cluster job</c>: how a job is, why nothing of it runs, and what has failed.</summary>
internal static class JobCommand
{
    // More kinds of failures tell nobody anything.
    private const int MostFailures = 10;

    private static readonly Option<bool> Wait = new("--wait") { Description = $"Wait for the job's end. Exit code {ExitCodes.Failed}: it ended early, or an item failed." };

    private static readonly Option<bool> Quiet = QuietOption.Create();

    private static readonly Option<bool> Json = new("--json") { Description = "One line of JSON." };

    public static Command Create() => JobCall.Command("job", "Show how a job is, why it is not running, and its failures by message. Any job that cluster jobs lists.", RunAsync, JobCall.Id, Wait, Quiet, Json);

    private static async Task<int> RunAsync(ParseResult result, JobCall jobs)
    {
        var id = result.GetRequiredValue(JobCall.Id);
        var info = result.GetValue(Wait) ? await JobFollower.WaitAsync(jobs, id, result.GetValue(Quiet)) : await jobs.Service.GetAsync(new GetJobRequest { JobId = id }, jobs.Options);
        var failures = info.Failed == 0 || info.Kind is not (JobKind.Submitted or JobKind.Unspecified) ? [] : await FailuresAsync(jobs, id);
        var line = JobLine.Of(info) with { Failures = failures.Count == 0 ? null : failures };
        if (result.GetValue(Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(line, CliJson.Default.JobLine));
        }
        else
        {
            Print(line, failures);
        }

        return result.GetValue(Wait) ? JobFollower.ExitCodeOf(info) : ExitCodes.Success;
    }

    private static async Task<IReadOnlyList<JobFailure>> FailuresAsync(JobCall jobs, string id)
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

        return
        [
            .. failures.GroupBy(static failure => failure.Message)
                .Select(static group => new JobFailure(group.Key, group.Count(), group.Min(static failure => failure.Index)))
                .OrderByDescending(static failure => failure.Count),
        ];
    }

    private static string Explain(JobLine line) => line switch
    {
        { Kind: "process", Pid: { } pid } => $"  (process {pid} on {line.Node})",
        { Kind: "process" } => "  (a process of its own)",
        { Kind: "stream" } => "  (of a program that waits for it)",
        _ => "",
    };

    private static void Print(JobLine line, IReadOnlyList<JobFailure> failures)
    {
        var output = Console.Out;
        output.WriteLine($"{line.Job}  {line.State}  {line.Name}{Explain(line)}");
        output.WriteLine($"  {line.Completed} of {line.ExpectedItems ?? line.Items} items have a result, {line.Failed} failed, {line.Running} are running.");
        output.WriteLine($"  Submitted {line.SubmittedAt.ToLocalTime():yyyy-MM-dd HH:mm:ss}{(line.FinishedAt is { } end ? $", ended {end.ToLocalTime():yyyy-MM-dd HH:mm:ss}" : "")}.");
        if (line.Labels is { } labels)
        {
            output.WriteLine($"  Labels: {string.Join(", ", labels.Select(static label => $"{label.Key}={label.Value}"))}.");
        }

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
