using Cluster.Client.Functions;
using Cluster.Client.Jobs;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using V1OnError = Cluster.Protocol.V1.OnError;

namespace Cluster.Client;

/// <summary>What the lazy verbs have in common. The function is taken apart at the call; the job begins with the first item asked for.</summary>
internal static class LazyCalls
{
    public static IAsyncEnumerable<TResult> Results<T, TResult>(
        ClusterClient cluster, Delegate function, ItemSource<T> source, bool ordered, MapOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(function);
        cluster.Connection.ThrowIfDisposed();
        var chosen = options ?? MapOptions.Default;
        var codec = JobRequests.InputCodec<T>(function, Arguments.Single);
        ResultCheck.Require<TResult>(function);
        var request = JobRequests.ForMap(
            cluster.Connection, function, codec.Format, codec.Stride, Arguments.Single, chosen, V1OnError.Collect, source.Count);
        return Results<T, TResult>(cluster, request, codec, source, ordered, chosen, cancellationToken);
    }

    public static IAsyncEnumerable<TResult> Results<T, TResult>(
        ClusterClient cluster, NamedTarget target, ItemSource<T> source, bool ordered, MapOptions? options, CancellationToken cancellationToken)
    {
        cluster.Connection.ThrowIfDisposed();
        var chosen = options ?? MapOptions.Default;
        var codec = target.InputCodec<T>();
        var request = JobRequests.ForMap(
            cluster.Connection, target.Function, codec.Format, codec.Stride, target.Arguments, chosen, V1OnError.Collect, source.Count);
        return Results<T, TResult>(cluster, request, codec, source, ordered, chosen, cancellationToken);
    }

    public static IAsyncEnumerable<TResult> Results<T, TResult>(
        ClusterClient cluster, JobRequest request, ItemCodec<T> codec, ItemSource<T> source, bool ordered, MapOptions options, CancellationToken cancellationToken)
    {
        // The number of slots comes with progress: enough items must be in flight for all of them.
        request.Spec.WantProgress = true;
        return new LazySequence<TResult>(() => Job(cluster, request, codec, source, ordered, options), cancellationToken);
    }

    private static LazyJob Job<T>(
        ClusterClient cluster, JobRequest request, ItemCodec<T> codec, ItemSource<T> source, bool ordered, MapOptions options)
    {
        var flow = new JobFlow(WindowLimits.Lazy(options));
        var results = new LazyResults(flow, ordered);
        var queue = new QueuedInputs<T>(codec);
        var stream = new JobStream(cluster.Connection, request, queue, results, flow);
        LazyJob job = null!;
        var pump = new SourcePump<T>(queue, flow, () => stream.Wake(), failure => job.SourceFailure = failure);
        job = new LazyJob(stream, results, cluster.Connection.TimeProvider) { Walk = stop => source.WalkAsync(pump, stop) };
        return job;
    }
}
