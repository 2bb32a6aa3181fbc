using Cluster.Client.Jobs;

namespace Cluster.Client;

/// <summary>A function over a sequence, for its effects.</summary>
public static class ForEachVerb
{
    /// <summary>Applies a function to every item, in parallel, for its effects.</summary>
    /// <typeparam name="T">Type of the items.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel.</param>
    /// <param name="source">The items.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <returns>Completes when every item has run.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="RemoteTaskException">An item failed (<see cref="OnError.Throw"/>: the first one; the rest is cancelled).</exception>
    /// <exception cref="MapFailedException">Items failed, with <see cref="OnError.Collect"/>.</exception>
    /// <exception cref="WorkerLostException">The process that ran an item died too often.</exception>
    /// <exception cref="TaskTimeoutException">An item ran for longer than <see cref="TaskOptions.Timeout"/>.</exception>
    /// <exception cref="ClusterUnavailableException">The connection broke, or no node that may run the job was attached in time.</exception>
    public static Task ForEachAsync<T>(
        this ClusterClient cluster, Action<T> function, IEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.NothingAsync(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="ForEachAsync{T}(ClusterClient, Action{T}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static Task ForEachAsync<T>(
        this ClusterClient cluster, Func<T, Task> function, IEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.NothingAsync(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="ForEachAsync{T}(ClusterClient, Action{T}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static Task ForEachAsync<T>(
        this ClusterClient cluster, Func<T, CancellationToken, Task> function, IEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.NothingAsync(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="ForEachAsync{T}(ClusterClient, Action{T}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static Task ForEachAsync<T>(
        this ClusterClient cluster, Action<T> function, IAsyncEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.NothingAsync(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="ForEachAsync{T}(ClusterClient, Action{T}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static Task ForEachAsync<T>(
        this ClusterClient cluster, Func<T, Task> function, IAsyncEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.NothingAsync(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="ForEachAsync{T}(ClusterClient, Action{T}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static Task ForEachAsync<T>(
        this ClusterClient cluster, Func<T, CancellationToken, Task> function, IAsyncEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.NothingAsync(cluster, function, new ItemSource<T>(source), options, cancellationToken);
}
