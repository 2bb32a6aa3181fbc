using Cluster.Client.Jobs;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary><c>Pool.starmap</c>: a function of several parameters over a sequence of tuples.</summary>
public static class StarMapVerb
{
    /// <summary>
    /// Applies a function of several parameters to every tuple of arguments, in parallel, and returns the results in the order of the tuples:
    /// <c>Pool.starmap</c>.
    /// </summary>
    /// <typeparam name="T1">Type of the first argument.</typeparam>
    /// <typeparam name="T2">Type of the second argument.</typeparam>
    /// <typeparam name="TResult">Type of the results.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel.</param>
    /// <param name="source">The arguments; <c>xs.Zip(ys)</c> makes them of two sequences.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <returns>The results, in the order of the tuples; empty for an empty source.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="RemoteTaskException">An item failed (<see cref="OnError.Throw"/>: the first one; the rest is cancelled).</exception>
    /// <exception cref="MapFailedException">Items failed, with <see cref="OnError.Collect"/>.</exception>
    /// <exception cref="WorkerLostException">The process that ran an item died too often.</exception>
    /// <exception cref="TaskTimeoutException">An item ran for longer than <see cref="TaskOptions.Timeout"/>.</exception>
    /// <exception cref="ClusterUnavailableException">The connection broke, or no node that may run the job was attached in time.</exception>
    public static Task<TResult[]> StarMapAsync<T1, T2, TResult>(
        this ClusterClient cluster, Func<T1, T2, TResult> function, IEnumerable<(T1, T2)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2), TResult>(cluster, function, new ItemSource<(T1, T2)>(source), options, cancellationToken, Arguments.Spread);

    /// <inheritdoc cref="StarMapAsync{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> StarMapAsync<T1, T2, TResult>(
        this ClusterClient cluster, Func<T1, T2, Task<TResult>> function, IEnumerable<(T1, T2)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2), TResult>(cluster, function, new ItemSource<(T1, T2)>(source), options, cancellationToken, Arguments.Spread);

    /// <inheritdoc cref="StarMapAsync{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> StarMapAsync<T1, T2, TResult>(
        this ClusterClient cluster, Func<T1, T2, CancellationToken, Task<TResult>> function, IEnumerable<(T1, T2)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2), TResult>(cluster, function, new ItemSource<(T1, T2)>(source), options, cancellationToken, Arguments.Spread);

    /// <inheritdoc cref="StarMapAsync{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> StarMapAsync<T1, T2, TResult>(
        this ClusterClient cluster, Func<T1, T2, TResult> function, IAsyncEnumerable<(T1, T2)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2), TResult>(cluster, function, new ItemSource<(T1, T2)>(source), options, cancellationToken, Arguments.Spread);

    /// <inheritdoc cref="StarMapAsync{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> StarMapAsync<T1, T2, TResult>(
        this ClusterClient cluster, Func<T1, T2, Task<TResult>> function, IAsyncEnumerable<(T1, T2)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2), TResult>(cluster, function, new ItemSource<(T1, T2)>(source), options, cancellationToken, Arguments.Spread);

    /// <inheritdoc cref="StarMapAsync{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> StarMapAsync<T1, T2, TResult>(
        this ClusterClient cluster, Func<T1, T2, CancellationToken, Task<TResult>> function, IAsyncEnumerable<(T1, T2)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2), TResult>(cluster, function, new ItemSource<(T1, T2)>(source), options, cancellationToken, Arguments.Spread);

    /// <inheritdoc cref="StarMapAsync{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> StarMapAsync<T1, T2, T3, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, TResult> function, IEnumerable<(T1, T2, T3)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2, T3), TResult>(cluster, function, new ItemSource<(T1, T2, T3)>(source), options, cancellationToken, Arguments.Spread);

    /// <inheritdoc cref="StarMapAsync{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> StarMapAsync<T1, T2, T3, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, Task<TResult>> function, IEnumerable<(T1, T2, T3)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2, T3), TResult>(cluster, function, new ItemSource<(T1, T2, T3)>(source), options, cancellationToken, Arguments.Spread);

    /// <inheritdoc cref="StarMapAsync{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> StarMapAsync<T1, T2, T3, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, CancellationToken, Task<TResult>> function, IEnumerable<(T1, T2, T3)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2, T3), TResult>(cluster, function, new ItemSource<(T1, T2, T3)>(source), options, cancellationToken, Arguments.Spread);

    /// <inheritdoc cref="StarMapAsync{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> StarMapAsync<T1, T2, T3, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, TResult> function, IAsyncEnumerable<(T1, T2, T3)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2, T3), TResult>(cluster, function, new ItemSource<(T1, T2, T3)>(source), options, cancellationToken, Arguments.Spread);

    /// <inheritdoc cref="StarMapAsync{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> StarMapAsync<T1, T2, T3, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, Task<TResult>> function, IAsyncEnumerable<(T1, T2, T3)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2, T3), TResult>(cluster, function, new ItemSource<(T1, T2, T3)>(source), options, cancellationToken, Arguments.Spread);

    /// <inheritdoc cref="StarMapAsync{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> StarMapAsync<T1, T2, T3, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, CancellationToken, Task<TResult>> function, IAsyncEnumerable<(T1, T2, T3)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2, T3), TResult>(cluster, function, new ItemSource<(T1, T2, T3)>(source), options, cancellationToken, Arguments.Spread);

    /// <inheritdoc cref="StarMapAsync{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> StarMapAsync<T1, T2, T3, T4, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, T4, TResult> function, IEnumerable<(T1, T2, T3, T4)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2, T3, T4), TResult>(cluster, function, new ItemSource<(T1, T2, T3, T4)>(source), options, cancellationToken, Arguments.Spread);

    /// <inheritdoc cref="StarMapAsync{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> StarMapAsync<T1, T2, T3, T4, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, T4, Task<TResult>> function, IEnumerable<(T1, T2, T3, T4)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2, T3, T4), TResult>(cluster, function, new ItemSource<(T1, T2, T3, T4)>(source), options, cancellationToken, Arguments.Spread);

    /// <inheritdoc cref="StarMapAsync{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> StarMapAsync<T1, T2, T3, T4, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, T4, CancellationToken, Task<TResult>> function, IEnumerable<(T1, T2, T3, T4)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2, T3, T4), TResult>(cluster, function, new ItemSource<(T1, T2, T3, T4)>(source), options, cancellationToken, Arguments.Spread);

    /// <inheritdoc cref="StarMapAsync{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> StarMapAsync<T1, T2, T3, T4, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, T4, TResult> function, IAsyncEnumerable<(T1, T2, T3, T4)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2, T3, T4), TResult>(cluster, function, new ItemSource<(T1, T2, T3, T4)>(source), options, cancellationToken, Arguments.Spread);

    /// <inheritdoc cref="StarMapAsync{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> StarMapAsync<T1, T2, T3, T4, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, T4, Task<TResult>> function, IAsyncEnumerable<(T1, T2, T3, T4)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2, T3, T4), TResult>(cluster, function, new ItemSource<(T1, T2, T3, T4)>(source), options, cancellationToken, Arguments.Spread);

    /// <inheritdoc cref="StarMapAsync{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public static Task<TResult[]> StarMapAsync<T1, T2, T3, T4, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, T4, CancellationToken, Task<TResult>> function, IAsyncEnumerable<(T1, T2, T3, T4)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2, T3, T4), TResult>(cluster, function, new ItemSource<(T1, T2, T3, T4)>(source), options, cancellationToken, Arguments.Spread);
}
