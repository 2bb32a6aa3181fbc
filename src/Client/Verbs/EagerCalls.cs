using Cluster.Client.Functions;
using Cluster.Client.Jobs;
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
        var connection = cluster.Connection;
        connection.ThrowIfDisposed();
        var codec = JobRequests.InputCodec<T>(function, arguments);
        var request = JobRequests.ForMap(
            connection, function, codec.Format, codec.Stride, arguments, options, onError == OnError.Throw ? V1OnError.Stop : V1OnError.Collect, source.Count);
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

        var flow = new JobFlow(WindowLimits.Eager(options));
        if (source.InMemory is { } items)
        {
            return AwaitAsync(new JobStream(connection, request, new ArrayInputs<T>(codec, items), results, flow), results, walk: null, cancellationToken);
        }

        var queue = new QueuedInputs<T>(codec);
        var stream = new JobStream(connection, request, queue, results, flow);
        var pump = new SourcePump<T>(queue, flow, () => stream.Wake(), stream.Fault);
        return AwaitAsync(stream, results, stop => source.WalkAsync(pump, stop), cancellationToken);
    }

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
