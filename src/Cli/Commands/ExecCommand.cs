using System.CommandLine;
using Cluster.Cli.Exec;
using Cluster.Cli.Items;
using Cluster.Cli.Output;
using Cluster.Client;
using Cluster.Client.Commands;

namespace Cluster.Cli.Commands;

/// <summary><c>cluster exec</c>: a program for each item, on the nodes of a cluster: what GNU parallel does on one machine.</summary>
internal static class ExecCommand
{
    // Enough to keep slots busy while items are answered.
    private const int JobsPerSlot = 2;

    private static readonly Argument<string[]> Words = new("command")
    {
        Description = "The program and its arguments, after --, with places for the item: {} {.} {/} {//} {/.} {#} {index}; without one the item comes last. Then perhaps ::: and items; several ::: make "
            + "all combinations. Default: the lines of stdin.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<int?> Jobs = CountOption.Create("--jobs", "Programs that run at once, in the whole cluster. Default: as many as there are slots.");

    private static readonly Option<string?> InputFile = new("--arg-file", "-a") { Description = "Read the items from a file.", HelpName = "FILE" };

    private static readonly Option<bool> ByZeros = new("--null", "-0") { Description = "Items end with a zero byte, as find -print0 writes them, and not with the line." };

    private static readonly Option<bool> AsInput = new("--stdin") { Description = "The item is what the program reads from its stdin, and no argument." };

    private static readonly Option<bool> Shell = new("--shell") { Description = "The command is a line for sh -c; items are quoted in it." };

    private static readonly Option<string?> LogFile = new("--joblog") { Description = "Write a line for each item that is done, as GNU parallel does.", HelpName = "FILE" };

    private static readonly Option<bool> Resume = new("--resume") { Description = "Leave out what is in the job log." };

    private static readonly Option<bool> ResumeFailed = new("--resume-failed") { Description = "Leave out what is in the job log and succeeded." };

    private static readonly Option<HaltPolicy> Halt = new("--halt")
    {
        Description = "Stop before the end: now,fail=1 (end what runs), soon,fail=20% (begin nothing new), now,success=1. Default: never.",
        HelpName = "WHEN",
        DefaultValueFactory = _ => HaltPolicy.Never,
        CustomParser = result =>
        {
            try
            {
                return HaltPolicy.Parse(result.Tokens[0].Value);
            }
            catch (FormatException exception)
            {
                result.AddError(exception.Message);
                return null;
            }
        },
    };

    private static readonly Option<TimeSpan?> Timeout = SecondsOption.Create("--timeout", "End a program that takes longer, in seconds. Default: it may take for ever.", SecondsOption.LongestOfItem);

    private static readonly Option<int?> Tries = CountOption.Create("--retries", "How often a program is run that fails. Default: once.");

    private static readonly Option<bool> Unordered = new("--unordered", "-u") { Description = "Write what a program wrote when it is done. Default: in the order of the items." };

    private static readonly Option<bool> Tag = new("--tag") { Description = "Begin each line that a program wrote with its item." };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Print the commands, and run nothing." };

    private static readonly Option<string?> WorkDirectory = new("--workdir") { Description = "Where the programs run, on the nodes. Default: where their workers do.", HelpName = "DIR" };

    private static readonly Option<string[]> Variables = new("--env") { Description = "A variable for the programs. Repeatable.", HelpName = "NAME=VALUE" };

    private static readonly Option<string[]> Require = new("--require") { Description = "Only run on nodes with this label. Repeatable.", HelpName = "KEY=VALUE" };

    private static readonly Option<bool> Quiet = QuietOption.Create();

    // -a is --arg-file here, as those who know GNU parallel expect.
    private static readonly ConnectionOptions Connection = new("a local cluster for this one run", hasShortName: false);

    public static Command Create()
    {
        var command = new Command(
            "exec", "Run a program for each item, in parallel, on the nodes that were started with --allow-commands. What a program wrote is written together when it is done. Exit code 1: one failed.")
        {
            Words, Jobs, InputFile, ByZeros, AsInput, Shell, LogFile, Resume, ResumeFailed, Halt, Timeout, Tries, Unordered, Tag, DryRun, WorkDirectory, Variables, Require, Quiet,
        };
        Connection.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken termination)
    {
        var (words, given) = ExecInputs.Split(result.GetRequiredValue(Words));
        if (words.Length == 0)
        {
            throw new UsageException("There is no command before ':::'.");
        }

        if (given is not null && result.GetValue(InputFile) is not null)
        {
            throw new UsageException("Items come from behind ::: or from --arg-file, not from both.");
        }

        if (given is null && result.GetValue(InputFile) is null && !Console.IsInputRedirected)
        {
            throw new UsageException("There are no items. Name them behind :::, pipe them in (one per line), or use --arg-file FILE.");
        }

        var template = new CommandTemplate(words, appends: !result.GetValue(AsInput), result.GetValue(Shell));
        long? count = given is not null ? given.Count : result.GetValue(ByZeros) ? null : ItemSource.Choose([], result.GetValue(InputFile) ?? "-", stdinIsTerminal: false).Count();
        var items = given?.ToAsyncEnumerable() ?? ExecInputs.ReadAsync(result.GetValue(InputFile), result.GetValue(ByZeros), termination);
        if (result.GetValue(DryRun))
        {
            var index = 0L;
            await foreach (var item in items.WithCancellation(termination))
            {
                Console.Out.WriteLine(CommandTemplate.Line(template.For(item, index++)));
            }

            return ExitCodes.Success;
        }

        if (Connection.Address(result) is { } address)
        {
            await using var client = await Connection.ConnectAsync(address, result, termination);
            return await RunAsync(result, client, template, items, count, termination);
        }

        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { AllowCommands = true, Client = Connection.ClientOptions(result) }, termination);
        return await RunAsync(result, local.Client, template, items, count, termination);
    }

    private static async Task<int> RunAsync(ParseResult result, ClusterClient client, CommandTemplate template, IAsyncEnumerable<string> items, long? count, CancellationToken termination)
    {
        var goesOn = result.GetValue(Resume) || result.GetValue(ResumeFailed);
        var logFile = result.GetValue(LogFile) ?? (goesOn ? throw new UsageException("--resume and --resume-failed go with --joblog.") : null);
        var done = goesOn ? ExecLog.Read(logFile!) : [];
        using var log = logFile is null ? null : ExecLog.Open(logFile, goesOn);
        var status = StatusLine.OnStandardError(result.GetValue(Quiet));
        var progress = new ItemProgress(count, TimeProvider.System);
        var printer = new ExecPrinter(StandardOutput.Open(), Console.OpenStandardError(), status, progress, log, !result.GetValue(Unordered), result.GetValue(Tag));
        await using var ticker = new StatusTicker(status, progress.Describe, TimeProvider.System);
        var slots = await CountSlotsAsync(client, termination);
        using var run = new ExecRun(client, template, printer)
        {
            Jobs = result.GetValue(Jobs) ?? Math.Max(1, JobsPerSlot * slots),
            Tries = result.GetValue(Tries) ?? 1,
            Halt = result.GetRequiredValue(Halt),
            FeedsItem = result.GetValue(AsInput),
            Done = done,
            RetriesFailed = result.GetValue(ResumeFailed),
            Model = new CommandCall { Arguments = [], Directory = result.GetValue(WorkDirectory), Environment = LabelOption.Read(result.GetValue(Variables) ?? [], "--env") },
            Options = new TaskOptions
            {
                Name = "exec",
                Timeout = result.GetValue(Timeout),
                Requires = new Dictionary<string, string>(LabelOption.Read(result.GetValue(Require) ?? [])) { [CommandTask.NodeLabel] = "true" },
            },
            Time = TimeProvider.System,
        };
        return await run.RunAsync(items, termination) ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static async Task<int> CountSlotsAsync(ClusterClient client, CancellationToken termination)
    {
        var nodes = await client.NodesAsync(termination);
        ClusterNode[] able = [.. nodes.Where(static node => node.Labels.GetValueOrDefault(CommandTask.NodeLabel) == "true")];

        // Where there are no nodes at all, some may come.
        return nodes.Count == 0 || able.Length > 0
            ? able.Sum(static node => node.Slots)
            : throw new ClusterUnavailableException(
                $"None of the cluster's nodes runs programs ({string.Join(", ", nodes.Select(static node => node.Name).Take(5))}). Start nodes with --allow-commands; they have the label {CommandTask.NodeLabel}=true.", isTransient: false);
    }
}
