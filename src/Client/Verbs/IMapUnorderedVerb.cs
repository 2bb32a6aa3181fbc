using Cluster.Client.Jobs;

namespace Cluster.Client;

/// <summary><c>Pool.imap_unordered</c>: a lazy map, results as they are done.</summary>
public static class IMapUnorderedVerb
{
    /// <summary>Applies a function to items as the results are consumed, which come as they are done: <c>Pool.imap_unordered</c>, but lazy.</summary>
    /// <remarks>
    /// Unlike Python's <c>imap</c>, which takes the whole input at once, this takes from the source a bounded number of items ahead of the
    /// reader, so that sources of any length run in constant memory. An item's exception is raised at its place; whoever calls
    /// <c>MoveNextAsync</c> again gets the next item. Where the source itself throws, the items before are processed and its exception arrives
    /// at its place. Leaving the loop early cancels what has not finished. Nothing runs before the first item is asked for, and every
    /// iteration is a job of its own.
    /// </remarks>
    /// <typeparam name="T">Type of the items.</typeparam>
    /// <typeparam name="TResult">Type of the results.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel.</param>
    /// <param name="source">The items.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <returns>The results, in the order in which they are done.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="RemoteTaskException">Raised by the iteration: an item failed.</exception>
    /// <exception cref="ClusterUnavailableException">Raised by the iteration: the connection broke, or no node was attached in time.</exception>
    public static IAsyncEnumerable<TResult> IMapUnorderedAsync<T, TResult>(
        this ClusterClient cluster, Func<T, TResult> function, IEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        LazyCalls.Results<T, TResult>(cluster, function, new ItemSource<T>(source), ordered: false, options, cancellationToken);

    /// <inheritdoc cref="IMapUnorderedAsync{T, TResult}(ClusterClient, Func{T, TResult}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static IAsyncEnumerable<TResult> IMapUnorderedAsync<T, TResult>(
        this ClusterClient cluster, Func<T, Task<TResult>> function, IEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        LazyCalls.Results<T, TResult>(cluster, function, new ItemSource<T>(source), ordered: false, options, cancellationToken);

    /// <inheritdoc cref="IMapUnorderedAsync{T, TResult}(ClusterClient, Func{T, TResult}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static IAsyncEnumerable<TResult> IMapUnorderedAsync<T, TResult>(
        this ClusterClient cluster, Func<T, CancellationToken, Task<TResult>> function, IEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        LazyCalls.Results<T, TResult>(cluster, function, new ItemSource<T>(source), ordered: false, options, cancellationToken);

    /// <inheritdoc cref="IMapUnorderedAsync{T, TResult}(ClusterClient, Func{T, TResult}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static IAsyncEnumerable<TResult> IMapUnorderedAsync<T, TResult>(
        this ClusterClient cluster, Func<T, TResult> function, IAsyncEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        LazyCalls.Results<T, TResult>(cluster, function, new ItemSource<T>(source), ordered: false, options, cancellationToken);

    /// <inheritdoc cref="IMapUnorderedAsync{T, TResult}(ClusterClient, Func{T, TResult}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static IAsyncEnumerable<TResult> IMapUnorderedAsync<T, TResult>(
        this ClusterClient cluster, Func<T, Task<TResult>> function, IAsyncEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        LazyCalls.Results<T, TResult>(cluster, function, new ItemSource<T>(source), ordered: false, options, cancellationToken);

    /// <inheritdoc cref="IMapUnorderedAsync{T, TResult}(ClusterClient, Func{T, TResult}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static IAsyncEnumerable<TResult> IMapUnorderedAsync<T, TResult>(
        this ClusterClient cluster, Func<T, CancellationToken, Task<TResult>> function, IAsyncEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        LazyCalls.Results<T, TResult>(cluster, function, new ItemSource<T>(source), ordered: false, options, cancellationToken);
}
