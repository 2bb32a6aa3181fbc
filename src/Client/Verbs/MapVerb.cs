using Cluster.Client.Jobs;

namespace Cluster.Client;

/// <summary><c>Pool.map</c>: a function over a sequence, results in the order of the input.</summary>
public static class MapVerb
{
    /// <summary>Applies a function to every item, in parallel, and returns the results in the order of the items: <c>Pool.map</c>.</summary>
    /// <typeparam name="T">Type of the items.</typeparam>
    /// <typeparam name="TResult">Type of the results.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel.</param>
    /// <param name="source">The items.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <returns>The results, in the order of the items; empty for an empty source.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="RemoteTaskException">An item failed (<see cref="OnError.Throw"/>: the first one; the rest is cancelled).</exception>
    /// <exception cref="MapFailedException">Items failed, with <see cref="OnError.Collect"/>.</exception>
    /// <exception cref="WorkerLostException">The process that ran an item died too often.</exception>
    /// <exception cref="TaskTimeoutException">An item ran for longer than <see cref="TaskOptions.Timeout"/>.</exception>
    /// <exception cref="ClusterUnavailableException">The connection broke, or no node that may run the job was attached in time.</exception>
    public static Task<TResult[]> MapAsync<T, TResult>(
        this ClusterClient cluster, Func<T, TResult> function, IEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<T, TResult>(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="MapAsync{T, TResult}(ClusterClient, Func{T, TResult}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> MapAsync<T, TResult>(
        this ClusterClient cluster, Func<T, Task<TResult>> function, IEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<T, TResult>(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="MapAsync{T, TResult}(ClusterClient, Func{T, TResult}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> MapAsync<T, TResult>(
        this ClusterClient cluster, Func<T, CancellationToken, Task<TResult>> function, IEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<T, TResult>(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="MapAsync{T, TResult}(ClusterClient, Func{T, TResult}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> MapAsync<T, TResult>(
        this ClusterClient cluster, Func<T, TResult> function, IAsyncEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<T, TResult>(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="MapAsync{T, TResult}(ClusterClient, Func{T, TResult}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> MapAsync<T, TResult>(
        this ClusterClient cluster, Func<T, Task<TResult>> function, IAsyncEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<T, TResult>(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="MapAsync{T, TResult}(ClusterClient, Func{T, TResult}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> MapAsync<T, TResult>(
        this ClusterClient cluster, Func<T, CancellationToken, Task<TResult>> function, IAsyncEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<T, TResult>(cluster, function, new ItemSource<T>(source), options, cancellationToken);
}
