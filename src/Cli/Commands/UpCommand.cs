using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Cluster.Cli.Output;
using Cluster.Client;

namespace Cluster.Cli.Commands;

/// <summary><c>cluster up</c>: a coordinator and nodes on this machine, until Ctrl-C.</summary>
internal static class UpCommand
{
    private static readonly Option<int?> Nodes = CountOption.Create("--nodes", "Node daemons to start. Default: 1.");
    private static readonly Option<int?> Workers = CountOption.Create("--workers", "Worker processes per node. Default: the processors that this process may use, divided by --nodes.");
    private static readonly Option<int?> Threads = CountOption.Create("--threads", "Tasks that a worker runs at once. Default: 1.");
    private static readonly Option<bool> AllowCommands = new("--allow-commands") { Description = "Let tasks run programs of this machine (cluster exec)." };
    private static readonly Option<double?> KeepJobsDays = new("--keep-jobs-days")
    {
        Description = "How long submitted jobs that have ended are kept, with their results; 0.5 is half a day. Default: 7.",
        HelpName = "DAYS",
        CustomParser = result => DecimalNumber.Parse(result, static days => days is >= 0 and <= 36_500, "--keep-jobs-days takes 0 to 36500 days."),
    };

    private static readonly Option<int?> KeepJobsMebibytes = CountOption.Create("--keep-jobs-mib", "How much all submitted jobs may have together, on the disk. Default: 8192.");
    private static readonly Option<int?> MaxRunningJobs = CountOption.Create("--max-running-jobs", "How many submitted jobs run at once; the others wait in order. Default: 64.");
    private static readonly Option<string?> TokenFile = ConnectionOptions.TokenFileOption();

    private static readonly Option<Uri> Listen = new("--listen")
    {
        Description = $"Where to listen: http://IP-ADDRESS:PORT (port 0: any free one). Default: {ConnectionOptions.DefaultAddress}. Beyond loopback it needs a token.",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => new Uri(ConnectionOptions.DefaultAddress),
        CustomParser = ParseAddress,
    };

    public static Command Create()
    {
        var command = new Command("up", "Run a coordinator and nodes on this machine until Ctrl-C, which ends all of them. Prints the address as a line of JSON.")
        {
            Nodes, Workers, Threads, AllowCommands, Listen, TokenFile, KeepJobsDays, KeepJobsMebibytes, MaxRunningJobs,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken termination)
    {
        var options = new LocalClusterOptions
        {
            Nodes = result.GetValue(Nodes) ?? 1,
            WorkersPerNode = result.GetValue(Workers),
            ThreadsPerWorker = result.GetValue(Threads),
            AllowCommands = result.GetValue(AllowCommands),
            Client = new ClusterClientOptions { TokenFile = result.GetValue(TokenFile) },
            Listen = result.GetValue(Listen)!,
            CoordinatorArguments =
            [
                .. Argument("--keep-jobs-days", result.GetValue(KeepJobsDays)),
                .. Argument("--keep-jobs-mib", result.GetValue(KeepJobsMebibytes)),
                .. Argument("--max-running-jobs", result.GetValue(MaxRunningJobs)),
            ],
            OnLog = Console.Error.WriteLine,
        };
        await using var local = await LocalCluster.StartAsync(options, termination);
        var line = new UpLine(local.Address, Environment.ProcessId, options.Nodes, options.EffectiveWorkersPerNode);
        Console.Out.WriteLine(JsonSerializer.Serialize(line, CliJson.Default.UpLine));
        Console.Error.WriteLine($"The cluster is up at {line.Address} with {line.Nodes} node(s) of {line.WorkersPerNode} worker(s). Ctrl-C ends it.");
        var ended = await local.Processes.FirstExitAsync(termination);
        Console.Error.WriteLine($"cluster up: {ended}");
        return ExitCodes.Failed;
    }

    private static string[] Argument(string name, IFormattable? value) => value is null ? [] : [name, value.ToString(null, CultureInfo.InvariantCulture)];

    private static Uri? ParseAddress(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp)
        {
            return address;
        }

        result.AddError($"'{result.Tokens[0].Value}' is no address to listen at. Write http://IP-ADDRESS:PORT, such as {ConnectionOptions.DefaultAddress}.");
        return null;
    }
}
