using System.CommandLine;
using Cluster.Cli.Commands;
using Cluster.Cli.Commands.Jobs;
using Cluster.Client;
using Cluster.Client.Connection;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Cli.Completion;

/// <summary>Names of what the cluster has: jobs, functions, nodes.</summary>
internal static class KnownNames
{
    private const uint MostJobs = 200;

    // Somebody has pressed a key and waits.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>What may be given for an argument.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="parsed">The command line, which may say where the cluster is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Nothing where that cannot be known, or where nobody answers in time.</returns>
    public static async Task<IEnumerable<string>> OfAsync(Argument argument, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (Source(argument) is not { } source)
        {
            return [];
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await using var client = await ConnectionOptions.Usual.ConnectAsync(parsed, patience.Token);
            return await source(client.Connection, new CallOptions(client.Connection.Headers, cancellationToken: patience.Token));
        }
        catch (Exception exception) when (exception is ClusterException or RpcException or UsageException or OperationCanceledException)
        {
            // A completion is no place for messages: the command itself will say what is wrong.
            return [];
        }
    }

    private static Func<ClusterConnection, CallOptions, Task<IEnumerable<string>>>? Source(Argument argument) =>
        argument == JobCall.Id ? JobsAsync
        : argument == SubmitCommand.Function ? FunctionsAsync
        : argument == DrainCommand.Node ? NodesAsync
        : null;

    private static async Task<IEnumerable<string>> JobsAsync(ClusterConnection cluster, CallOptions options) =>
        (await cluster.Jobs.ListAsync(new ListJobsRequest { PageSize = MostJobs }, options)).Jobs.Select(static job => job.JobId);

    private static async Task<IEnumerable<string>> FunctionsAsync(ClusterConnection cluster, CallOptions options) =>
        (await cluster.Functions.ListAsync(new ListFunctionsRequest(), options)).Sets.SelectMany(static set => set.Functions.Select(static function => function.Name));

    private static async Task<IEnumerable<string>> NodesAsync(ClusterConnection cluster, CallOptions options) =>
        (await cluster.Nodes.ListAsync(new ListNodesRequest(), options)).Nodes.Select(static node => node.Name);
}
