using Cluster.Client.Jobs;

namespace Cluster.Client;

/// <summary><c>Pool.map</c> that keeps failures apart: what became of each item.</summary>
public static class MapOutcomesVerb
{
    /// <summary>Applies a function to every item and returns what became of each: its result, or its exception. All items run.</summary>
    /// <typeparam name="T">Type of the items.</typeparam>
    /// <typeparam name="TResult">Type of the results.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel.</param>
    /// <param name="source">The items.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <returns>One outcome per item, in the order of the items.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ClusterUnavailableException">The connection broke, or no node that may run the job was attached in time.</exception>
    public static Task<ItemOutcome<TResult>[]> MapOutcomesAsync<T, TResult>(
        this ClusterClient cluster, Func<T, TResult> function, IEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.OutcomesAsync<T, TResult>(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="MapOutcomesAsync{T, TResult}(ClusterClient, Func{T, TResult}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static Task<ItemOutcome<TResult>[]> MapOutcomesAsync<T, TResult>(
        this ClusterClient cluster, Func<T, Task<TResult>> function, IEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.OutcomesAsync<T, TResult>(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="MapOutcomesAsync{T, TResult}(ClusterClient, Func{T, TResult}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static Task<ItemOutcome<TResult>[]> MapOutcomesAsync<T, TResult>(
        this ClusterClient cluster, Func<T, CancellationToken, Task<TResult>> function, IEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.OutcomesAsync<T, TResult>(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="MapOutcomesAsync{T, TResult}(ClusterClient, Func{T, TResult}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static Task<ItemOutcome<TResult>[]> MapOutcomesAsync<T, TResult>(
        this ClusterClient cluster, Func<T, TResult> function, IAsyncEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.OutcomesAsync<T, TResult>(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="MapOutcomesAsync{T, TResult}(ClusterClient, Func{T, TResult}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static Task<ItemOutcome<TResult>[]> MapOutcomesAsync<T, TResult>(
        this ClusterClient cluster, Func<T, Task<TResult>> function, IAsyncEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.OutcomesAsync<T, TResult>(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="MapOutcomesAsync{T, TResult}(ClusterClient, Func{T, TResult}, IEnumerable{T}, MapOptions, CancellationToken)"/>
    public static Task<ItemOutcome<TResult>[]> MapOutcomesAsync<T, TResult>(
        this ClusterClient cluster, Func<T, CancellationToken, Task<TResult>> function, IAsyncEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.OutcomesAsync<T, TResult>(cluster, function, new ItemSource<T>(source), options, cancellationToken);
}
