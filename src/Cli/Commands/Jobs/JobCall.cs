using System.CommandLine;
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
        ServiceCall.Command(name, description, (result, call) => run(result, new JobCall(call.Connection, call.Options)), symbols);

    /// <summary>What is said of a job, for as long as it takes: a coordinator that is away is waited for.</summary>
    public ResumedStream<TReply> Resume<TReply>(string id, Func<CallOptions, AsyncServerStreamingCall<TReply>> open)
        where TReply : class =>
        new(Connection, id, token => open(Options.WithCancellationToken(token)));
}
