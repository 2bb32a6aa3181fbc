using System.CommandLine;
using Cluster.Cli.Output;
using Cluster.Protocol.V1;

namespace Cluster.Cli.Commands.Jobs;

/// <summary><c>cluster jobs</c>: the jobs that were submitted.</summary>
internal static class JobsCommand
{
    private static readonly Option<JobStatus> State = new("--state")
    {
        Description = "Only jobs in this state: queued, running, done, failed, cancelled.",
        HelpName = "STATE",
        CustomParser = static result =>
        {
            if (Enum.TryParse<JobStatus>(result.Tokens[0].Value, ignoreCase: true, out var state) && Enum.IsDefined(state) && state != JobStatus.Unspecified && char.IsLetter(result.Tokens[0].Value[0]))
            {
                return state;
            }

            result.AddError($"'{result.Tokens[0].Value}' is no state of a job: queued, running, done, failed or cancelled.");
            return default;
        },
    };

    private static readonly Option<string> Prefix = new("--name", "-n") { Description = "Only jobs whose names begin like this.", HelpName = "PREFIX", DefaultValueFactory = static _ => "" };

    private static readonly Option<bool> Json = new("--json") { Description = "One line of JSON for each." };

    public static Command Create() => JobCall.Command("jobs", "List the jobs that were submitted, the last first.", RunAsync, State, Prefix, Json);

    private static async Task<int> RunAsync(ParseResult result, JobCall jobs)
    {
        List<JobLine> lines = [];
        var request = new ListJobsRequest { State = result.GetValue(State), NamePrefix = result.GetRequiredValue(Prefix) };
        do
        {
            var page = await jobs.Service.ListAsync(request, jobs.Options);
            lines.AddRange(page.Jobs.Select(JobLine.Of));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        if (result.GetValue(Json))
        {
            Listing.PrintLines(lines, CliJson.Default.JobLine);
        }
        else
        {
            Listing.PrintTable(["JOB", "STATE", "NAME", "ITEMS", "DONE", "FAILED", "RUNNING", "SUBMITTED", "WAITING FOR"], lines.Select(static line => line.ToRow()));
        }

        return ExitCodes.Success;
    }
}
