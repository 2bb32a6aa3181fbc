using System.CommandLine;
using Cluster.Cli.Items;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Cli.Commands.Jobs;

/// <summary><c>cluster submit</c>: a job that outlives the command, of a function that was pushed or a lambda.</summary>
internal static class SubmitCommand
{
    public static readonly Argument<string?> Function = new("function")
    {
        Description = "A function by name, such as samples/square; cluster functions lists them. Not with --csharp.",
        HelpName = "FUNCTION",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> CSharp = LambdaOption.Create("Instead of a function");

    private static readonly Argument<string[]> Items = new("items") { Description = $"The items. {JsonText.Help} Default: the lines of stdin.", Arity = ArgumentArity.ZeroOrMore };

    private static readonly Option<string?> File = new("--file") { Description = "Read the items from a file, one per line; - is stdin.", HelpName = "FILE" };

    private static readonly Option<bool> Star = new("--star") { Description = "Each item is a JSON array with one element per parameter of the function." };

    private static readonly Option<string?> Name = new("--name", "-n") { Description = "Name of the job in lists. Default: the function's.", HelpName = "NAME" };

    private static readonly Option<string?> RequestId = new("--request-id")
    {
        Description = "Any text. Submitting again with the same text gives the same job, so that a script can try again.",
        HelpName = "TEXT",
    };

    private static readonly Option<TimeSpan?> Timeout = SecondsOption.Create("--timeout", "How long one attempt at an item may take, in seconds. Default: for ever.", SecondsOption.LongestOfItem);

    private static readonly Option<int?> Retries = CountOption.Create("--retries", "How often the function is called on an item on which it fails. Default: once.");

    private static readonly Option<int> Priority = new("--priority") { Description = "Every step doubles the job's share of the cluster, or halves it: -10 to 10." };

    private static readonly Option<string[]> Require = new("--require") { Description = "Only run on nodes with this label. Repeatable.", HelpName = "KEY=VALUE" };

    private static readonly Option<string[]> Label = new("--label", "-l") { Description = "A label of the job, to find it by with cluster jobs --label. Repeatable.", HelpName = "KEY=VALUE" };

    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait for the job's end, with its progress on stderr." };

    private static readonly Option<bool> Quiet = QuietOption.Create();

    public static Command Create()
    {
        var command = JobCall.Command(
            "submit",
            $"Submit a job and print its id. Exit code {ExitCodes.Failed} with --wait: it ended early, or an item failed. It runs without this command, and outlives a restart of the coordinator; cluster results fetches what comes of it.",
            RunAsync,
            Function, Items, CSharp, File, Star, Name, RequestId, Timeout, Retries, Priority, Require, Label, Wait, Quiet);
        command.Validators.Add(static result =>
        {
            if ((result.GetValue(CSharp) ?? result.GetValue(Function)) is null)
            {
                result.AddError("Say what to run: a function by name, such as samples/square, or a lambda with --csharp.");
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, JobCall jobs)
    {
        // With a lambda there is no function, and the first argument is an item.
        var csharp = result.GetValue(CSharp);
        var first = result.GetValue(Function);
        var request = new MapRequest
        {
            Function = csharp is null ? first : "",
            Csharp = csharp ?? "",
            Star = result.GetValue(Star),
            Name = result.GetValue(Name) ?? "",
            RequestId = result.GetValue(RequestId) ?? "",
            Priority = result.GetValue(Priority),
            Timeout = result.GetValue(Timeout)?.ToDuration(),
            Retry = result.GetValue(Retries) is { } tries ? new RetryPolicy { MaxAttempts = (uint)tries } : null,
        };
        request.Requires.Add(LabelOption.Read(result.GetValue(Require) ?? []));
        request.Labels.Add(LabelOption.Read(result.GetValue(Label) ?? [], "--label"));
        string[] given = csharp is null || first is null ? [] : [first];
        var source = ItemSource.Choose([.. given, .. result.GetValue(Items) ?? []], result.GetValue(File), !Console.IsInputRedirected);
        await foreach (var line in source.ReadAsync(jobs.Options.CancellationToken))
        {
            request.Items.Add(JsonText.Parse(line.Text));
        }

        var submitted = await jobs.Service.SubmitAsync(request, jobs.Options);
        if (submitted.Known)
        {
            Console.Error.WriteLine("cluster: this job was submitted before, and is the same.");
        }

        Console.Out.WriteLine(submitted.JobId);
        return result.GetValue(Wait) ? JobFollower.ExitCodeOf(await JobFollower.WaitAsync(jobs, submitted.JobId, result.GetValue(Quiet))) : ExitCodes.Success;
    }
}
