using Cluster.Client.Connection;
using Cluster.Client.Exceptions;
using Cluster.Client.Functions;
using Cluster.Client.Jobs;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>Runs a function on each node: a job with one item per node, pinned to it.</summary>
internal static class EachNodeCalls
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    public static Task<IReadOnlyDictionary<string, TResult>> RunAsync<TResult>(
        ClusterClient cluster, Delegate function, TaskOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(function);
        cluster.Connection.ThrowIfDisposed();
        ResultCheck.Require<TResult>(function);
        var chosen = options ?? TaskOptions.Default;
        var codec = ItemCodec.For<Nothing>();
        var request = JobRequests.ForTasks(cluster.Connection, cluster.Connection.Shipper.Ship(function), codec.Format, codec.Stride, Arguments.None, chosen);
        request.Spec.WantStarted = false;
        request.Spec.OnError = Protocol.V1.OnError.Stop;
        return RunAsync<TResult>(cluster, request, codec, chosen, cancellationToken);
    }

    private static async Task<IReadOnlyDictionary<string, TResult>> RunAsync<TResult>(
        ClusterClient cluster, JobRequest request, ItemCodec<Nothing> codec, TaskOptions options, CancellationToken cancellationToken)
    {
        var nodes = await FindNodesAsync(cluster, options, cancellationToken).ConfigureAwait(false);
        request.Spec.PinNodes.AddRange(nodes);
        request.Spec.ExpectedCount = (ulong)nodes.Length;
        var results = new ValueResults<TResult>(throwFirst: true, nodes.Length);
        var stream = new JobStream(
            cluster.Connection, request, new ArrayInputs<Nothing>(codec, new Nothing[nodes.Length]), results, new JobFlow(new WindowLimits()));
        var values = await EagerCalls.AwaitAsync(stream, results, walk: null, cancellationToken).ConfigureAwait(false);
        return nodes.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    private static async Task<string[]> FindNodesAsync(ClusterClient cluster, TaskOptions options, CancellationToken cancellationToken)
    {
        var connection = cluster.Connection;
        var patience = options.NoNodesTimeout ?? connection.Options.NoNodesTimeout;
        var startedAt = connection.TimeProvider.GetTimestamp();
        while (true)
        {
            var nodes = await ListAsync(cluster, cancellationToken).ConfigureAwait(false);
            string[] suitable = [.. nodes.Where(node => node.IsReady && Suits(node, options)).Select(node => node.Name)];
            if (suitable.Length > 0)
            {
                return suitable;
            }

            if (connection.TimeProvider.GetElapsedTime(startedAt) >= patience)
            {
                throw new ClusterUnavailableException(NoNodes(connection, options, patience, nodes.Count), isTransient: true);
            }

            await Task.Delay(LookAgain, connection.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    // Like a job, it waits for a coordinator that is away.
    private static async Task<IReadOnlyList<ClusterNode>> ListAsync(ClusterClient cluster, CancellationToken cancellationToken)
    {
        var connection = cluster.Connection;
        var outage = new JobOutage(connection.TimeProvider, connection.Options.ReconnectTimeout);
        try
        {
            return await connection.Redialling.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        outage.Try();
                        return await cluster.NodesAsync(token).ConfigureAwait(false);
                    }
                    catch (ClusterUnavailableException exception) when (ConnectionBreak.Is(exception) && !outage.IsOver)
                    {
                        throw new ConnectionBrokenException(exception);
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (ClusterUnavailableException exception) when (outage.Attempts > 1 && ConnectionBreak.Is(exception))
        {
            throw CallErrors.GaveUp(connection.Endpoint.Text, outage.Lasted, outage.Attempts, exception.InnerException ?? exception);
        }
    }

    private static bool Suits(ClusterNode node, TaskOptions options) =>
        options.Requires is not { } required || required.All(label => node.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    private static string NoNodes(ClusterConnection connection, TaskOptions options, TimeSpan patience, int attached)
    {
        var labels = options.Requires is { Count: > 0 } required ? $" with the labels {string.Join(", ", required.Select(label => $"{label.Key}={label.Value}"))}" : "";
        return $"No node{labels} was attached to the coordinator at {connection.Endpoint.Text} for {patience.TotalSeconds:0.###} s ({attached} other(s) are). "
            + "Start one with: cluster node --coordinator ADDRESS.";
    }
}
