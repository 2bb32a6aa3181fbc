using Cluster.Client.Functions;
using Cluster.Client.Jobs;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using V1OnError = Cluster.Protocol.V1.OnError;

namespace Cluster.Client;

/// <summary>What the verbs that deliver everything at once have in common. The function is taken apart before the first await.</summary>
internal static class EagerCalls
{
    public static Task<TResult[]> ValuesAsync<T, TResult>(
        ClusterClient cluster, Delegate function, ItemSource<T> source, MapOptions? options, CancellationToken cancellationToken, Arguments arguments = Arguments.Single)
    {
        ArgumentCheck.Require<T>(function, arguments);
        ResultCheck.Require<TResult>(function);
        var chosen = options ?? MapOptions.Default;
        var results = new ValueResults<TResult>(chosen.OnError == OnError.Throw, source.Count ?? 0);
        return RunAsync(cluster, function, source, results, chosen, chosen.OnError, arguments, cancellationToken);
    }

    public static Task<ItemOutcome<TResult>[]> OutcomesAsync<T, TResult>(
        ClusterClient cluster, Delegate function, ItemSource<T> source, MapOptions? options, CancellationToken cancellationToken, Arguments arguments = Arguments.Single)
    {
        ArgumentCheck.Require<T>(function, arguments);
        ResultCheck.Require<TResult>(function);
        return RunAsync(
            cluster, function, source, new OutcomeResults<TResult>(source.Count ?? 0), options ?? MapOptions.Default, OnError.Collect, arguments, cancellationToken);
    }

    public static Task<TResult[]> ValuesAsync<T, TResult>(
        ClusterClient cluster, NamedTarget target, ItemSource<T> source, MapOptions? options, CancellationToken cancellationToken)
    {
        var chosen = options ?? MapOptions.Default;
        return RunAsync(cluster, target, source, new ValueResults<TResult>(chosen.OnError == OnError.Throw, source.Count ?? 0), chosen, chosen.OnError, cancellationToken);
    }

    public static Task<ItemOutcome<TResult>[]> OutcomesAsync<T, TResult>(
        ClusterClient cluster, NamedTarget target, ItemSource<T> source, MapOptions? options, CancellationToken cancellationToken) =>
        RunAsync(cluster, target, source, new OutcomeResults<TResult>(source.Count ?? 0), options ?? MapOptions.Default, OnError.Collect, cancellationToken);

    public static Task NothingAsync<T>(
        ClusterClient cluster, Delegate function, ItemSource<T> source, MapOptions? options, CancellationToken cancellationToken)
    {
        var chosen = options ?? MapOptions.Default;
        return RunAsync(
            cluster, function, source, new NoResults(chosen.OnError == OnError.Throw), chosen, chosen.OnError, Arguments.Single, cancellationToken);
    }

    private static Task<TAll> RunAsync<T, TAll>(
        ClusterClient cluster, Delegate function, ItemSource<T> source, EagerResults<TAll> results, MapOptions options, OnError onError, Arguments arguments,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(function);
        cluster.Connection.ThrowIfDisposed();
        var codec = JobRequests.InputCodec<T>(function, arguments);
        var request = JobRequests.ForMap(
            cluster.Connection, function, codec.Format, codec.Stride, arguments, options, Wire(onError), source.Count);
        return RunAsync(cluster, request, codec, source, results, options, cancellationToken);
    }

    private static Task<TAll> RunAsync<T, TAll>(
        ClusterClient cluster, NamedTarget target, ItemSource<T> source, EagerResults<TAll> results, MapOptions options, OnError onError, CancellationToken cancellationToken)
    {
        cluster.Connection.ThrowIfDisposed();
        var codec = target.InputCodec<T>();
        var request = JobRequests.ForMap(
            cluster.Connection, target.Function, codec.Format, codec.Stride, target.Arguments, options, Wire(onError), source.Count);
        return RunAsync(cluster, request, codec, source, results, options, cancellationToken);
    }

    private static Task<TAll> RunAsync<T, TAll>(
        ClusterClient cluster, JobRequest request, ItemCodec<T> codec, ItemSource<T> source, EagerResults<TAll> results, MapOptions options, CancellationToken cancellationToken)
    {
        request.Spec.Gathered = true;
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TAll>(cancellationToken);
        }

        if (source.Count == 0)
        {
            // Nothing to run: the answer needs no cluster.
            results.End(null);
            return results.Completion;
        }

        var (stream, walk) = Open(cluster, request, codec, source, results, new JobFlow(WindowLimits.Eager(options)));
        return AwaitAsync(stream, results, walk, cancellationToken);
    }

    /// <summary>A job over a source, to be awaited.</summary>
    internal static (JobStream Stream, Func<CancellationToken, Task>? Walk) Open<T>(
        ClusterClient cluster, JobRequest request, ItemCodec<T> codec, ItemSource<T> source, IJobResults results, JobFlow flow)
    {
        if (source.InMemory is { } items)
        {
            return (new JobStream(cluster.Connection, request, new ArrayInputs<T>(codec, items), results, flow), null);
        }

        var queue = new QueuedInputs<T>(codec);
        var stream = new JobStream(cluster.Connection, request, queue, results, flow);
        var pump = new SourcePump<T>(queue, flow, () => stream.Wake(), stream.Fault);
        return (stream, stop => source.WalkAsync(pump, stop));
    }

    internal static V1OnError Wire(OnError onError) => onError == OnError.Throw ? V1OnError.Stop : V1OnError.Collect;

    internal static async Task<TAll> AwaitAsync<TAll>(
        JobStream stream, EagerResults<TAll> results, Func<CancellationToken, Task>? walk, CancellationToken cancellationToken)
    {
        using var stop = new CancellationTokenSource();
        stream.Start();
        var walking = walk?.Invoke(stop.Token);
        using var registration = cancellationToken.UnsafeRegister(
            (_, token) =>
            {
                results.End(new OperationCanceledException(token));
                stream.Cancel();
            },
            null);
        try
        {
            return await results.Completion.ConfigureAwait(false);
        }
        catch
        {
            // The job goes on to its end in the background; the caller need not wait for it.
            stream.Cancel();
            throw;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            _ = walking;
        }
    }
}
