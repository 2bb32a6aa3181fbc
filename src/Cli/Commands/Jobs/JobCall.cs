using System.CommandLine;
using Cluster.Client;
using Cluster.Client.Connection;
using Cluster.Client.Detached;
using Grpc.Core;

namespace Cluster.Cli.Commands.Jobs;

/// <summary>What the commands about jobs have in common.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Options">For every call.</param>
internal sealed record JobCall(ClusterConnection Connection, CallOptions Options)
{
    /// <summary>The service that is asked.</summary>
    public Protocol.V1.Jobs.JobsClient Service => Connection.Jobs;

    public static Argument<string> Id { get; } = new("job") { Description = "The job's id, as cluster submit printed it; cluster jobs lists them.", HelpName = "ID" };

    /// <summary>Makes a command that asks about jobs.</summary>
    public static Command Command(string name, string description, Func<ParseResult, JobCall, Task<int>> run, params ReadOnlySpan<Symbol> symbols) =>
        ServiceCall.Command(name, description, (result, call) => RunAsync(result, call, run), symbols);

    /// <summary>What is said of a job, for as long as it takes: a coordinator that is away is waited for.</summary>
    public ResumedStream<TReply> Resume<TReply>(string id, Func<CallOptions, AsyncServerStreamingCall<TReply>> open)
        where TReply : class =>
        new(Connection, id, token => open(Options.WithCancellationToken(token)));

    // A stream that is resumed has its refusals explained as those of the SDK; the exit code goes by the refusal itself.
    private static async Task<int> RunAsync(ParseResult result, ServiceCall call, Func<ParseResult, JobCall, Task<int>> run)
    {
        try
        {
            return await run(result, new JobCall(call.Connection, call.Options));
        }
        catch (ClusterException exception) when (exception.InnerException is RpcException { StatusCode: StatusCode.NotFound or StatusCode.InvalidArgument } refusal)
        {
            throw ServiceCall.Explain(refusal, call.Client.Address);
        }
    }
}
