using System.CommandLine;
using Cluster.Protocol.V1;

namespace Cluster.Cli.Commands.Jobs;

/// <summary><c>cluster cancel</c>: ends a job.</summary>
internal static class CancelCommand
{
    public static Command Create() => JobCall.Command("cancel", "End a job, whoever waits for it. What a submitted one has results of keeps them; a job that has ended stays as it is.", RunAsync, JobCall.Id);

    private static async Task<int> RunAsync(ParseResult result, JobCall jobs)
    {
        var info = await jobs.Service.CancelAsync(new CancelJobRequest { JobId = result.GetRequiredValue(JobCall.Id) }, jobs.Options);
        Console.Out.WriteLine(info.State.ToString().ToLowerInvariant());
        return ExitCodes.Success;
    }
}
