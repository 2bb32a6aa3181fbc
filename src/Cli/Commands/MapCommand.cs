using System.CommandLine;
using Cluster.Cli.Functions;
using Cluster.Cli.Items;
using Cluster.Cli.Output;
using Cluster.Client;

namespace Cluster.Cli.Commands;

/// <summary><c>cluster map</c>: a function of an assembly, or a lambda, over items from the command line, a file or stdin.</summary>
internal static class MapCommand
{
    private static readonly Option<string?> Code = new("--code")
    {
        Description = "The assembly with the function, such as bin/Debug/net10.0/app.dll. What it references travels along from the same folder.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> CSharp = LambdaOption.Create("Instead of --code and --function");

    private static readonly Option<string?> FunctionOption = new("--function", "-f")
    {
        Description = "With --code a static method, as Namespace.Type.Method; where it is overloaded: 'Namespace.Type.Method(int,string)'. Without it a function that was pushed, such as samples/square.",
        HelpName = "NAME",
    };

    private static readonly Argument<string[]> Items = new("items")
    {
        Description = "The items, as JSON; where the function takes a string, the text itself. Default: the lines of stdin.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> File = new("--file")
    {
        Description = "Read the items from a file, one per line; - is stdin.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Star = new("--star") { Description = "Each item is a JSON array with one element per parameter of the function." };

    private static readonly Option<bool> Unordered = new("--unordered", "-u") { Description = "Print results as they come. Default: in the order of the items." };

    private static readonly Option<int?> ChunkSize = CountOption.Create(
        "--chunk-size", "Items that travel and run together. Default: adapted to the measured time per item.");

    private static readonly Option<string?> JobName = new("--name", "-n") { Description = "Name of the job in lists and logs. Default: the function's.", HelpName = "NAME" };

    private static readonly Option<string[]> Require = new("--require")
    {
        Description = "Only run on nodes with this label. Repeatable.",
        HelpName = "KEY=VALUE",
    };

    private static readonly Option<OnError> OnFailure = new("--on-error")
    {
        Description = "throw: the first failure ends the map. collect: a failure is printed as {\"error\":{…}} in its place, and the rest runs. Default: throw.",
        HelpName = "throw|collect",
    };

    private static readonly Option<int?> Workers = CountOption.Create(
        "--workers", "Without an address: workers of the local cluster. Default: the processors that this process may use.");

    private static readonly Option<bool> Quiet = QuietOption.Create();

    private static readonly ConnectionOptions Connection = new("a local cluster for this one map");

    public static Command Create()
    {
        var command = new Command("map", "Run a function over items, in parallel. Results go to stdout as lines of JSON; what the function prints goes to stderr.")
        {
            Items, Code, FunctionOption, CSharp, File, Star, Unordered, ChunkSize, JobName, Require, OnFailure, Workers, Quiet,
        };
        Connection.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken termination)
    {
        var address = Connection.Address(result);
        if (address is not null && result.GetValue(Workers) is not null)
        {
            throw new UsageException(
                $"--workers is for a local cluster; the one at {address} has its workers. Leave it out, or run without --address and {ConnectionOptions.AddressVariable}.");
        }

        var lambda = result.GetValue(CSharp);
        var name = NameOnly(result);
        var fixedFunction = lambda is null && name is null ? OfFile(result) : null;
        if (lambda is not null && (result.GetValue(Code) ?? result.GetValue(FunctionOption)) is not null)
        {
            throw new UsageException("--csharp has the function itself: leave --code and --function out.");
        }

        if (name is not null && address is null)
        {
            throw new UsageException($"{name} is the name of a function at a coordinator: say which with --address or {ConnectionOptions.AddressVariable}, or give the assembly with --code.");
        }

        var source = ItemSource.Choose(result.GetValue(Items) ?? [], result.GetValue(File), !Console.IsInputRedirected);
        var status = StatusLine.OnStandardError(result.GetValue(Quiet));
        var progress = new ItemProgress(status.IsVisible ? source.Count() : null, TimeProvider.System);
        var options = ToOptions(result);
        await using var ticker = new StatusTicker(status, progress.Describe, TimeProvider.System);
        if (address is not null)
        {
            await using var client = await Connection.ConnectAsync(address, result, termination);
            return await RunOnAsync(client);
        }

        await using var local = await LocalCluster.StartAsync(
            new LocalClusterOptions { WorkersPerNode = result.GetValue(Workers), Client = Connection.ClientOptions(result) }, termination);
        return await RunOnAsync(local.Client);

        async Task<int> RunOnAsync(ClusterClient client)
        {
            var star = result.GetValue(Star);
            var function = fixedFunction
                ?? await (name is null ? MapFunction.OfLambdaAsync(client, lambda!, star, termination) : MapFunction.OfNameAsync(client, name, star, termination));
            var run = new MapRun(function.Shipped, new ItemParser(function.TakesText, star ? function.Parameters : null), source, progress, status)
            {
                Ordered = !result.GetValue(Unordered),
                Spread = star,
                Options = options with { Name = options.Name ?? function.Name },
            };
            return await run.RunAsync(client, StandardOutput.Open(), termination);
        }
    }

    private static string? NameOnly(ParseResult result) => result.GetValue(CSharp) is null && result.GetValue(Code) is null ? result.GetValue(FunctionOption) : null;

    private static MapFunction OfFile(ParseResult result) => (result.GetValue(Code), result.GetValue(FunctionOption)) switch
    {
        ({ } code, { } name) => MapFunction.OfFile(code, name, result.GetValue(Star)),
        (null, _) => throw new UsageException("Say what to run: --function with the name of a function that was pushed, --code and --function, or --csharp."),
        _ => throw new UsageException("--code needs --function, the method in it to call."),
    };

    private static MapOptions ToOptions(ParseResult result) => new()
    {
        ChunkSize = result.GetValue(ChunkSize),
        Name = result.GetValue(JobName),
        OnError = result.GetValue(OnFailure),
        Requires = LabelOption.Read(result.GetValue(Require) ?? []),
    };
}
