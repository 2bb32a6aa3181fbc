using System.CommandLine;
using Cluster.Client.Exceptions;
using Grpc.Core;

namespace Cluster.Cli.Commands.Jobs;

/// <summary>What the commands about submitted jobs have in common: whom they ask, and what becomes of refusals.</summary>
/// <param name="Service">The service that is asked.</param>
/// <param name="Options">For every call.</param>
internal sealed record JobCall(Protocol.V1.Jobs.JobsClient Service, CallOptions Options)
{
    private static readonly ConnectionOptions Connection = new(ConnectionOptions.DefaultAddress);

    public static Argument<string> Id { get; } = new("job") { Description = "The job's id, as cluster submit printed it; cluster jobs lists them.", HelpName = "ID" };

    /// <summary>Makes a command that asks about jobs.</summary>
    public static Command Command(string name, string description, Func<ParseResult, JobCall, Task<int>> run, params ReadOnlySpan<Symbol> symbols)
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

        Connection.AddTo(command);
        command.SetAction((result, termination) => RunAsync(result, run, termination));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, Func<ParseResult, JobCall, Task<int>> run, CancellationToken termination)
    {
        await using var client = await Connection.ConnectAsync(result, termination);
        try
        {
            return await run(result, new JobCall(client.Connection.Jobs, new CallOptions(client.Connection.Headers, cancellationToken: termination)));
        }
        catch (RpcException e)
        {
            termination.ThrowIfCancellationRequested();
            throw e.StatusCode switch
            {
                StatusCode.NotFound => new MissingEntryException(e.Status.Detail, e),
                StatusCode.InvalidArgument or StatusCode.AlreadyExists => new UsageException(e.Status.Detail, e),
                _ => CallErrors.Explain(e, client.Address),
            };
        }
    }
}
