using System.CommandLine;
using Cluster.Client;
using Cluster.Client.Connection;
using Cluster.Client.Exceptions;
using Grpc.Core;

namespace Cluster.Cli.Commands;

/// <summary>A command that asks a coordinator's services: whom it asks, and what becomes of refusals.</summary>
/// <param name="Client">The way to the coordinator.</param>
/// <param name="Options">For every call.</param>
internal sealed record ServiceCall(ClusterClient Client, CallOptions Options)
{
    public ClusterConnection Connection => Client.Connection;

    public CancellationToken Termination => Options.CancellationToken;

    /// <summary>Makes a command that asks.</summary>
    /// <exception cref="MissingEntryException">From the command: there is no such thing.</exception>
    /// <exception cref="UsageException">From the command: the coordinator says that the request makes no sense.</exception>
    public static Command Command(string name, string description, Func<ParseResult, ServiceCall, Task<int>> run, params ReadOnlySpan<Symbol> symbols)
    {
        var command = new Command(name, description);
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

        ConnectionOptions.Usual.AddTo(command);
        command.SetAction((result, termination) => RunAsync(result, run, termination));
        return command;
    }

    /// <summary>What people are told of a refusal, and with which exit code.</summary>
    public static Exception Explain(RpcException refusal, string address) => refusal.StatusCode switch
    {
        StatusCode.NotFound => new MissingEntryException(refusal.Status.Detail, refusal),
        StatusCode.InvalidArgument or StatusCode.AlreadyExists => new UsageException(refusal.Status.Detail, refusal),
        _ => CallErrors.Explain(refusal, address),
    };

    private static async Task<int> RunAsync(ParseResult result, Func<ParseResult, ServiceCall, Task<int>> run, CancellationToken termination)
    {
        await using var client = await ConnectionOptions.Usual.ConnectAsync(result, termination);
        try
        {
            return await run(result, new ServiceCall(client, new CallOptions(client.Connection.Headers, cancellationToken: termination)));
        }
        catch (RpcException e)
        {
            termination.ThrowIfCancellationRequested();
            throw Explain(e, client.Address);
        }
    }
}
