using Cluster.Client.Functions;
using Cluster.Client.Jobs;
using Cluster.Protocol.Batches;
using Cluster.Protocol.Code;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Client.Detached;

/// <summary>Submits jobs that the coordinator keeps. The function is taken apart before the first await.</summary>
internal static class SubmitJobCalls
{
    // Items are answered as soon as they are stored.
    private const long MaxUnstoredBytes = 16L << 20;

    public static Task<ClusterJob<TResult>> SubmitAsync<T, TResult>(
        ClusterClient cluster, Delegate function, ItemSource<T> source, JobOptions? options, CancellationToken cancellationToken)
    {
        ArgumentCheck.Require<T>(function, Arguments.Single);
        ResultCheck.Require<TResult>(function);
        return FinishAsync(
            SendAsync(cluster, function, source, typeof(TResult), options, cancellationToken), static (cluster, id, known) => new ClusterJob<TResult>(cluster, id) { WasKnown = known }, cluster);
    }

    public static Task<ClusterJob> SubmitAsync<T>(ClusterClient cluster, Delegate function, ItemSource<T> source, JobOptions? options, CancellationToken cancellationToken)
    {
        ArgumentCheck.Require<T>(function, Arguments.Single);
        return FinishAsync(SendAsync(cluster, function, source, typeof(void), options, cancellationToken), static (cluster, id, known) => new ClusterJob(cluster, id) { WasKnown = known }, cluster);
    }

    public static Task<ClusterJob<TResult>> SubmitAsync<T, TResult>(
        ClusterClient cluster, NamedTarget target, ItemSource<T> source, JobOptions? options, CancellationToken cancellationToken)
    {
        var codec = target.InputCodec<T>();
        var sending = SendAsync(cluster, target.Function, codec, source, target.Arguments, new Detachment { Function = target.Name }, options ?? JobOptions.Default, cancellationToken);
        return FinishAsync(sending, static (cluster, id, known) => new ClusterJob<TResult>(cluster, id) { WasKnown = known }, cluster);
    }

    private static async Task<TJob> FinishAsync<TJob>(Task<JobStream> sending, Func<ClusterClient, string, bool, TJob> create, ClusterClient cluster)
    {
        var stream = await sending.ConfigureAwait(false);
        return create(cluster, stream.JobId, stream.IsKnown);
    }

    private static Task<JobStream> SendAsync<T>(
        ClusterClient cluster, Delegate function, ItemSource<T> source, System.Type result, JobOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        cluster.Connection.ThrowIfDisposed();
        var detachment = new Detachment { Function = MethodNames.Describe(function.Method), ResultType = CSharpTypeText.Of(result) };
        return SendAsync(
            cluster, cluster.Connection.Shipper.Ship(function), ItemCodec.For<T>(), source, Arguments.Single, detachment, options ?? JobOptions.Default, cancellationToken);
    }

    private static Task<JobStream> SendAsync<T>(
        ClusterClient cluster, ShippedFunction function, ItemCodec<T> codec, ItemSource<T> source, Arguments arguments, Detachment detachment, JobOptions options,
        CancellationToken cancellationToken)
    {
        cluster.Connection.ThrowIfDisposed();
        var request = Describe(cluster, function, codec.Format, codec.Stride, arguments, detachment, options, source.Count);
        var results = new NoResults(throwFirst: false);
        var (stream, walk) = EagerCalls.Open(cluster, request, codec, source, results, new JobFlow(new WindowLimits { MaxInputBytes = MaxUnstoredBytes }));
        return AwaitAsync(stream, results, walk, cancellationToken);
    }

    /// <summary>What the coordinator is asked for.</summary>
    /// <exception cref="ArgumentException">An option makes no sense here.</exception>
    internal static JobRequest Describe(
        ClusterClient cluster, ShippedFunction function, Format format, int stride, Arguments arguments, Detachment detachment, JobOptions options, long? total)
    {
        if (options.OnOutput is not null)
        {
            throw new ArgumentException("OnOutput has no effect on a job that is submitted: nobody may be there to get the lines. Leave it out.", nameof(options));
        }

        var terms = new MapOptions { ChunkSize = options.ChunkSize, Speculate = options.Speculate, Priority = options.Priority, Requires = options.Requires, Name = options.Name, Timeout = options.Timeout, Retry = options.Retry };
        var request = JobRequests.ForMap(cluster.Connection, function, format, stride, arguments, terms, EagerCalls.Wire(options.OnError), total);
        var spec = request.Spec;
        spec.Gathered = true;
        spec.WantOutput = false;
        spec.NoNodesTimeout = options.NoNodesTimeout?.ToDuration();
        spec.Detach = detachment;
        detachment.RequestId = options.RequestId ?? "";
        foreach (var (label, value) in options.Labels ?? new Dictionary<string, string>())
        {
            detachment.Labels.Add(label, value);
        }

        return request;
    }

    private static async Task<JobStream> AwaitAsync(JobStream stream, NoResults results, Func<CancellationToken, Task>? walk, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await EagerCalls.AwaitAsync(stream, results, walk, cancellationToken).ConfigureAwait(false);
        return stream;
    }
}
