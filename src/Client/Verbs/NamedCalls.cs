using System.Text.Json;
using Cluster.Client.Functions;
using Cluster.Client.Jobs;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using V1OnError = Cluster.Protocol.V1.OnError;

namespace Cluster.Client;

/// <summary>
/// A lazy map for callers that know a function by name only: what it takes and gives are JSON documents. An item's exception is raised at
/// its place and the next item follows, as with the lazy verbs.
/// </summary>
internal static class NamedCalls
{
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A function in an assembly that this process does not load.</param>
    /// <param name="items">The items.</param>
    /// <param name="spread">Whether each item is an array with one element per parameter; otherwise it is the only argument.</param>
    /// <param name="ordered">Whether results come in the order of the items; otherwise they come as they are done.</param>
    /// <param name="options">How to run.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    public static IAsyncEnumerable<JsonElement> Results(
        ClusterClient cluster, ShippedFunction function, IAsyncEnumerable<JsonElement> items, bool spread, bool ordered, MapOptions options, CancellationToken cancellationToken)
    {
        cluster.Connection.ThrowIfDisposed();
        var codec = ItemCodec.For<JsonElement>(Format.Json);
        var request = JobRequests.ForMap(
            cluster.Connection, function, codec.Format, codec.Stride, spread ? Arguments.Spread : Arguments.Single, options, V1OnError.Collect, total: null);
        request.Spec.ResultFormat = Format.Json;
        return LazyCalls.Results<JsonElement, JsonElement>(cluster, request, codec, new ItemSource<JsonElement>(items), ordered, options, cancellationToken);
    }
}
