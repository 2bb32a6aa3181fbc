using System.CommandLine;
using Grpc.Core;

namespace Cluster.Cli.Commands.Jobs;

/// <summary>What the commands about jobs have in common.</summary>
/// <param name="Service">The service that is asked.</param>
/// <param name="Options">For every call.</param>
internal sealed record JobCall(Protocol.V1.Jobs.JobsClient Service, CallOptions Options)
{
    public static Argument<string> Id { get; } = new("job") { Description = "The job's id, as cluster submit printed it; cluster jobs lists them.", HelpName = "ID" };

    /// <summary>Makes a command that asks about jobs.</summary>
    public static Command Command(string name, string description, Func<ParseResult, JobCall, Task<int>> run, params ReadOnlySpan<Symbol> symbols) =>
        ServiceCall.Command(name, description, (result, call) => run(result, new JobCall(call.Connection.Jobs, call.Options)), symbols);
}
