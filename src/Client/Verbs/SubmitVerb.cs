using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary><c>executor.submit</c>: one call of a function, its result to come.</summary>
public static class SubmitVerb
{
    /// <summary>Submits one call of a function: <c>apply_async</c>, <c>executor.submit</c>.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel; asynchronous ones may take a cancellation token last.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    /// <returns>The result to come.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ClusterException">An argument cannot be serialized.</exception>
    public static ClusterFuture<TResult> Submit<TResult>(
        this ClusterClient cluster, Func<TResult> function, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<Nothing, TResult>(cluster, function, default(Nothing), Arguments.None, options, cancellationToken);

    /// <inheritdoc cref="Submit{TResult}(ClusterClient, Func{TResult}, TaskOptions, CancellationToken)"/>
    public static ClusterFuture<TResult> Submit<TResult>(
        this ClusterClient cluster, Func<Task<TResult>> function, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<Nothing, TResult>(cluster, function, default(Nothing), Arguments.None, options, cancellationToken);

    /// <inheritdoc cref="Submit{TResult}(ClusterClient, Func{TResult}, TaskOptions, CancellationToken)"/>
    public static ClusterFuture<TResult> Submit<TResult>(
        this ClusterClient cluster, Func<CancellationToken, Task<TResult>> function, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<Nothing, TResult>(cluster, function, default(Nothing), Arguments.None, options, cancellationToken);

    /// <summary>Submits one call of a function: <c>apply_async</c>, <c>executor.submit</c>.</summary>
    /// <typeparam name="T">Type of the argument.</typeparam>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel; asynchronous ones may take a cancellation token last.</param>
    /// <param name="argument">The argument; copied now.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    /// <returns>The result to come.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ClusterException">An argument cannot be serialized.</exception>
    public static ClusterFuture<TResult> Submit<T, TResult>(
        this ClusterClient cluster, Func<T, TResult> function, T argument, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<T, TResult>(cluster, function, argument, Arguments.Single, options, cancellationToken);

    /// <inheritdoc cref="Submit{T, TResult}(ClusterClient, Func{T, TResult}, T, TaskOptions, CancellationToken)"/>
    public static ClusterFuture<TResult> Submit<T, TResult>(
        this ClusterClient cluster, Func<T, Task<TResult>> function, T argument, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<T, TResult>(cluster, function, argument, Arguments.Single, options, cancellationToken);

    /// <inheritdoc cref="Submit{T, TResult}(ClusterClient, Func{T, TResult}, T, TaskOptions, CancellationToken)"/>
    public static ClusterFuture<TResult> Submit<T, TResult>(
        this ClusterClient cluster, Func<T, CancellationToken, Task<TResult>> function, T argument, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<T, TResult>(cluster, function, argument, Arguments.Single, options, cancellationToken);

    /// <summary>Submits one call of a function: <c>apply_async</c>, <c>executor.submit</c>.</summary>
    /// <typeparam name="T1">Type of the first argument.</typeparam>
    /// <typeparam name="T2">Type of the second argument.</typeparam>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel; asynchronous ones may take a cancellation token last.</param>
    /// <param name="argument1">The first argument; copied now.</param>
    /// <param name="argument2">The second argument; copied now.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    /// <returns>The result to come.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ClusterException">An argument cannot be serialized.</exception>
    public static ClusterFuture<TResult> Submit<T1, T2, TResult>(
        this ClusterClient cluster, Func<T1, T2, TResult> function, T1 argument1, T2 argument2, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2), TResult>(cluster, function, (argument1, argument2), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="Submit{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, T1, T2, TaskOptions, CancellationToken)"/>
    public static ClusterFuture<TResult> Submit<T1, T2, TResult>(
        this ClusterClient cluster, Func<T1, T2, Task<TResult>> function, T1 argument1, T2 argument2, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2), TResult>(cluster, function, (argument1, argument2), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="Submit{T1, T2, TResult}(ClusterClient, Func{T1, T2, TResult}, T1, T2, TaskOptions, CancellationToken)"/>
    public static ClusterFuture<TResult> Submit<T1, T2, TResult>(
        this ClusterClient cluster, Func<T1, T2, CancellationToken, Task<TResult>> function, T1 argument1, T2 argument2, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2), TResult>(cluster, function, (argument1, argument2), Arguments.Spread, options, cancellationToken);

    /// <summary>Submits one call of a function: <c>apply_async</c>, <c>executor.submit</c>.</summary>
    /// <typeparam name="T1">Type of the first argument.</typeparam>
    /// <typeparam name="T2">Type of the second argument.</typeparam>
    /// <typeparam name="T3">Type of the third argument.</typeparam>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel; asynchronous ones may take a cancellation token last.</param>
    /// <param name="argument1">The first argument; copied now.</param>
    /// <param name="argument2">The second argument; copied now.</param>
    /// <param name="argument3">The third argument; copied now.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    /// <returns>The result to come.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ClusterException">An argument cannot be serialized.</exception>
    public static ClusterFuture<TResult> Submit<T1, T2, T3, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, TResult> function, T1 argument1, T2 argument2, T3 argument3, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2, T3), TResult>(cluster, function, (argument1, argument2, argument3), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="Submit{T1, T2, T3, TResult}(ClusterClient, Func{T1, T2, T3, TResult}, T1, T2, T3, TaskOptions, CancellationToken)"/>
    public static ClusterFuture<TResult> Submit<T1, T2, T3, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, Task<TResult>> function, T1 argument1, T2 argument2, T3 argument3, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2, T3), TResult>(cluster, function, (argument1, argument2, argument3), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="Submit{T1, T2, T3, TResult}(ClusterClient, Func{T1, T2, T3, TResult}, T1, T2, T3, TaskOptions, CancellationToken)"/>
    public static ClusterFuture<TResult> Submit<T1, T2, T3, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, CancellationToken, Task<TResult>> function, T1 argument1, T2 argument2, T3 argument3, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2, T3), TResult>(cluster, function, (argument1, argument2, argument3), Arguments.Spread, options, cancellationToken);

    /// <summary>Submits one call of a function: <c>apply_async</c>, <c>executor.submit</c>.</summary>
    /// <typeparam name="T1">Type of the first argument.</typeparam>
    /// <typeparam name="T2">Type of the second argument.</typeparam>
    /// <typeparam name="T3">Type of the third argument.</typeparam>
    /// <typeparam name="T4">Type of the fourth argument.</typeparam>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel; asynchronous ones may take a cancellation token last.</param>
    /// <param name="argument1">The first argument; copied now.</param>
    /// <param name="argument2">The second argument; copied now.</param>
    /// <param name="argument3">The third argument; copied now.</param>
    /// <param name="argument4">The fourth argument; copied now.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    /// <returns>The result to come.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ClusterException">An argument cannot be serialized.</exception>
    public static ClusterFuture<TResult> Submit<T1, T2, T3, T4, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, T4, TResult> function, T1 argument1, T2 argument2, T3 argument3, T4 argument4, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2, T3, T4), TResult>(cluster, function, (argument1, argument2, argument3, argument4), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="Submit{T1, T2, T3, T4, TResult}(ClusterClient, Func{T1, T2, T3, T4, TResult}, T1, T2, T3, T4, TaskOptions, CancellationToken)"/>
    public static ClusterFuture<TResult> Submit<T1, T2, T3, T4, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, T4, Task<TResult>> function, T1 argument1, T2 argument2, T3 argument3, T4 argument4, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2, T3, T4), TResult>(cluster, function, (argument1, argument2, argument3, argument4), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="Submit{T1, T2, T3, T4, TResult}(ClusterClient, Func{T1, T2, T3, T4, TResult}, T1, T2, T3, T4, TaskOptions, CancellationToken)"/>
    public static ClusterFuture<TResult> Submit<T1, T2, T3, T4, TResult>(
        this ClusterClient cluster, Func<T1, T2, T3, T4, CancellationToken, Task<TResult>> function, T1 argument1, T2 argument2, T3 argument3, T4 argument4, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2, T3, T4), TResult>(cluster, function, (argument1, argument2, argument3, argument4), Arguments.Spread, options, cancellationToken);
}
