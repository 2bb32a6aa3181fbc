using System.CommandLine;
using System.Globalization;
using Cluster.Cli.Output;
using Cluster.Protocol.V1;

namespace Cluster.Cli.Commands.Jobs;

/// <summary><c>cluster jobs</c>: the jobs that were submitted.</summary>
internal static class JobsCommand
{
    private static readonly Option<JobStatus> State = Words<JobStatus>("--state", "Only jobs in this state", "STATE");

    private static readonly Option<JobKind> Kind = Words<JobKind>("--kind", "Only jobs of this kind (stream: of a program that waits for it)", "KIND");

    private static readonly Option<string> Prefix = new("--name", "-n") { Description = "Only jobs whose names begin like this.", HelpName = "PREFIX", DefaultValueFactory = static _ => "" };

    private static readonly Option<string[]> Label = new("--label", "-l") { Description = "Only jobs with this label. Repeatable: with all of them.", HelpName = "KEY=VALUE" };

    private static readonly Option<bool> Json = new("--json") { Description = "One line of JSON for each." };

    public static Command Create() => JobCall.Command("jobs", "List jobs, the last first: those that were submitted, and while they run those of programs and processes.", RunAsync, State, Kind, Prefix, Label, Json);

    private static async Task<int> RunAsync(ParseResult result, JobCall jobs)
    {
        List<JobLine> lines = [];
        var request = new ListJobsRequest { State = result.GetValue(State), Kind = result.GetValue(Kind), NamePrefix = result.GetRequiredValue(Prefix) };
        request.Labels.Add(LabelOption.Read(result.GetValue(Label) ?? [], "--label"));
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
            Listing.PrintTable(["JOB", "KIND", "STATE", "NAME", "ITEMS", "DONE", "FAILED", "RUNNING", "SUBMITTED", "WAITING FOR"], lines.Select(static line => line.ToRow()));
        }

        return ExitCodes.Success;
    }

    // One of the words that an enumeration of the protocol has.
    private static Option<T> Words<T>(string name, string description, string helpName)
        where T : struct, Enum
    {
        string[] words = [.. Enum.GetValues<T>().Where(static value => Convert.ToInt32(value, CultureInfo.InvariantCulture) != 0).Select(JobLine.NameOf)];
        var option = new Option<T>(name)
        {
            Description = $"{description}: {string.Join(", ", words)}.",
            HelpName = helpName,
            CustomParser = result =>
            {
                if (words.Contains(result.Tokens[0].Value, StringComparer.OrdinalIgnoreCase))
                {
                    return Enum.Parse<T>(result.Tokens[0].Value, ignoreCase: true);
                }

                result.AddError($"{name} takes one of {string.Join(", ", words)}, not '{result.Tokens[0].Value}'.");
                return default;
            },
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add(words);
        return option;
    }
}
