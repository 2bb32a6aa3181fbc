using Cluster.Protocol.Batches;

namespace Cluster.Client;

/// <summary>A function, once on each node: ipyparallel's <c>apply_sync</c> on all engines, Dask's <c>client.run</c>.</summary>
public static class RunOnEachNodeVerb
{
    /// <summary>Runs a function once on each node that is attached, such as to warm a cache or to look around.</summary>
    /// <typeparam name="TResult">Type of the results.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel.</param>
    /// <param name="options">How to run; <see cref="TaskOptions.Requires"/> chooses among the nodes. Null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <returns>The results, by the names of the nodes.</returns>
    /// <exception cref="FunctionNotShippableException">The function captured something that cannot travel.</exception>
    /// <exception cref="RemoteTaskException">It failed on a node, which the exception names; the others are cancelled.</exception>
    /// <exception cref="WorkerLostException">The process that ran it, or its node, died.</exception>
    /// <exception cref="ClusterUnavailableException">The connection broke, or no node that may run it was attached in time.</exception>
    public static Task<IReadOnlyDictionary<string, TResult>> RunOnEachNodeAsync<TResult>(
        this ClusterClient cluster, Func<TResult> function, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        EachNodeCalls.RunAsync<TResult>(cluster, function, options, cancellationToken);

    /// <inheritdoc cref="RunOnEachNodeAsync{TResult}(ClusterClient, Func{TResult}, TaskOptions, CancellationToken)"/>
    public static Task<IReadOnlyDictionary<string, TResult>> RunOnEachNodeAsync<TResult>(
        this ClusterClient cluster, Func<Task<TResult>> function, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        EachNodeCalls.RunAsync<TResult>(cluster, function, options, cancellationToken);

    /// <inheritdoc cref="RunOnEachNodeAsync{TResult}(ClusterClient, Func{TResult}, TaskOptions, CancellationToken)"/>
    public static Task<IReadOnlyDictionary<string, TResult>> RunOnEachNodeAsync<TResult>(
        this ClusterClient cluster, Func<CancellationToken, Task<TResult>> function, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        EachNodeCalls.RunAsync<TResult>(cluster, function, options, cancellationToken);

    /// <summary>Runs a function once on each node that is attached, such as to warm a cache or to look around.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel.</param>
    /// <param name="options">How to run; <see cref="TaskOptions.Requires"/> chooses among the nodes. Null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <returns>Completes when every node is done.</returns>
    /// <exception cref="FunctionNotShippableException">The function captured something that cannot travel.</exception>
    /// <exception cref="RemoteTaskException">It failed on a node, which the exception names; the others are cancelled.</exception>
    /// <exception cref="WorkerLostException">The process that ran it, or its node, died.</exception>
    /// <exception cref="ClusterUnavailableException">The connection broke, or no node that may run it was attached in time.</exception>
    public static Task RunOnEachNodeAsync(
        this ClusterClient cluster, Action function, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        EachNodeCalls.RunAsync<Nothing>(cluster, function, options, cancellationToken);

    /// <inheritdoc cref="RunOnEachNodeAsync(ClusterClient, Action, TaskOptions, CancellationToken)"/>
    public static Task RunOnEachNodeAsync(
        this ClusterClient cluster, Func<Task> function, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        EachNodeCalls.RunAsync<Nothing>(cluster, function, options, cancellationToken);

    /// <inheritdoc cref="RunOnEachNodeAsync(ClusterClient, Action, TaskOptions, CancellationToken)"/>
    public static Task RunOnEachNodeAsync(
        this ClusterClient cluster, Func<CancellationToken, Task> function, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        EachNodeCalls.RunAsync<Nothing>(cluster, function, options, cancellationToken);
}
