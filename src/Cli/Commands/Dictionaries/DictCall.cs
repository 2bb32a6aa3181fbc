using System.CommandLine;
using Cluster.Cli.Items;
using Cluster.Cli.Output;
using Cluster.Client.Connection;
using Cluster.Client.Exceptions;
using Cluster.Protocol.V1;
using Grpc.Core;
using Value = Google.Protobuf.WellKnownTypes.Value;

namespace Cluster.Cli.Commands.Dictionaries;

/// <summary>What the commands under <c>cluster dict</c> have in common: whom they ask, and what becomes of refusals.</summary>
internal sealed class DictCall
{
    private static readonly ConnectionOptions ConnectionOptions = new(Commands.ConnectionOptions.DefaultAddress);

    private static readonly Argument<string> NameArgument = new("name") { Description = "The dictionary's name; cluster objects lists them.", HelpName = "NAME" };

    private readonly CallOptions _options;

    private DictCall(ClusterConnection connection, string name, CallOptions options) => (Connection, Name, _options) = (connection, name, options);

    public static Argument<string> Key { get; } = new("key") { Description = $"The key. {JsonText.Help}", HelpName = "KEY" };

    /// <summary>The way to the coordinator.</summary>
    public ClusterConnection Connection { get; }

    /// <summary>The service that is asked.</summary>
    public Dict.DictClient Service => Connection.Dictionaries;

    /// <summary>Which dictionary it is about.</summary>
    public string Name { get; }

    /// <summary>Where the results go.</summary>
    public ResultWriter Output { get; } = new(StandardOutput.Open(), new StatusLine(terminal: null));

    /// <summary>For every call.</summary>
    public CallOptions Options => _options;

    /// <summary>Makes a command that asks a dictionary.</summary>
    public static Command Command(string name, string description, Func<ParseResult, DictCall, Task<int>> run, params ReadOnlySpan<Symbol> symbols)
    {
        var command = new Command(name, description) { NameArgument };
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        ConnectionOptions.AddTo(command);
        command.SetAction((result, termination) => RunAsync(result, run, termination));
        return command;
    }

    /// <summary>The key that the user has given.</summary>
    public static Value KeyOf(ParseResult result) => JsonText.Parse(result.GetRequiredValue(Key));

    /// <summary>Prints a line.</summary>
    public int Print(byte[] line, int exitCode = ExitCodes.Success)
    {
        Output.Write(line);
        Output.Flush();
        return exitCode;
    }

    private static async Task<int> RunAsync(ParseResult result, Func<ParseResult, DictCall, Task<int>> run, CancellationToken termination)
    {
        await using var client = await ConnectionOptions.ConnectAsync(result, termination);
        try
        {
            var options = new CallOptions(client.Connection.Headers, cancellationToken: termination);
            return await run(result, new DictCall(client.Connection, result.GetRequiredValue(NameArgument), options));
        }
        catch (RpcException e)
        {
            termination.ThrowIfCancellationRequested();
            throw e.StatusCode switch
            {
                StatusCode.NotFound => new MissingEntryException(e.Status.Detail, e),
                StatusCode.InvalidArgument => new UsageException(e.Status.Detail, e),
                _ => CallErrors.Explain(e, client.Address),
            };
        }
    }
}
