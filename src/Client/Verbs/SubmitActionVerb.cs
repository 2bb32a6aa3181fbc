using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary><c>executor.submit</c> of functions without a result.</summary>
public static class SubmitActionVerb
{
    /// <summary>Submits one call of a function for its effects.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel; asynchronous ones may take a cancellation token last.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    /// <returns>Done when the function has returned.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ClusterException">An argument cannot be serialized.</exception>
    public static ClusterFuture Submit(
        this ClusterClient cluster, Action function, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<Nothing, Nothing>(cluster, function, default(Nothing), Arguments.None, options, cancellationToken);

    /// <inheritdoc cref="Submit(ClusterClient, Action, TaskOptions, CancellationToken)"/>
    public static ClusterFuture Submit(
        this ClusterClient cluster, Func<Task> function, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<Nothing, Nothing>(cluster, function, default(Nothing), Arguments.None, options, cancellationToken);

    /// <inheritdoc cref="Submit(ClusterClient, Action, TaskOptions, CancellationToken)"/>
    public static ClusterFuture Submit(
        this ClusterClient cluster, Func<CancellationToken, Task> function, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<Nothing, Nothing>(cluster, function, default(Nothing), Arguments.None, options, cancellationToken);

    /// <summary>Submits one call of a function for its effects.</summary>
    /// <typeparam name="T">Type of the argument.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel; asynchronous ones may take a cancellation token last.</param>
    /// <param name="argument">The argument; copied now.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    /// <returns>Done when the function has returned.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ClusterException">An argument cannot be serialized.</exception>
    public static ClusterFuture Submit<T>(
        this ClusterClient cluster, Action<T> function, T argument, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<T, Nothing>(cluster, function, argument, Arguments.Single, options, cancellationToken);

    /// <inheritdoc cref="Submit{T}(ClusterClient, Action{T}, T, TaskOptions, CancellationToken)"/>
    public static ClusterFuture Submit<T>(
        this ClusterClient cluster, Func<T, Task> function, T argument, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<T, Nothing>(cluster, function, argument, Arguments.Single, options, cancellationToken);

    /// <inheritdoc cref="Submit{T}(ClusterClient, Action{T}, T, TaskOptions, CancellationToken)"/>
    public static ClusterFuture Submit<T>(
        this ClusterClient cluster, Func<T, CancellationToken, Task> function, T argument, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<T, Nothing>(cluster, function, argument, Arguments.Single, options, cancellationToken);

    /// <summary>Submits one call of a function for its effects.</summary>
    /// <typeparam name="T1">Type of the first argument.</typeparam>
    /// <typeparam name="T2">Type of the second argument.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel; asynchronous ones may take a cancellation token last.</param>
    /// <param name="argument1">The first argument; copied now.</param>
    /// <param name="argument2">The second argument; copied now.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    /// <returns>Done when the function has returned.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ClusterException">An argument cannot be serialized.</exception>
    public static ClusterFuture Submit<T1, T2>(
        this ClusterClient cluster, Action<T1, T2> function, T1 argument1, T2 argument2, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2), Nothing>(cluster, function, (argument1, argument2), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="Submit{T1, T2}(ClusterClient, Action{T1, T2}, T1, T2, TaskOptions, CancellationToken)"/>
    public static ClusterFuture Submit<T1, T2>(
        this ClusterClient cluster, Func<T1, T2, Task> function, T1 argument1, T2 argument2, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2), Nothing>(cluster, function, (argument1, argument2), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="Submit{T1, T2}(ClusterClient, Action{T1, T2}, T1, T2, TaskOptions, CancellationToken)"/>
    public static ClusterFuture Submit<T1, T2>(
        this ClusterClient cluster, Func<T1, T2, CancellationToken, Task> function, T1 argument1, T2 argument2, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2), Nothing>(cluster, function, (argument1, argument2), Arguments.Spread, options, cancellationToken);

    /// <summary>Submits one call of a function for its effects.</summary>
    /// <typeparam name="T1">Type of the first argument.</typeparam>
    /// <typeparam name="T2">Type of the second argument.</typeparam>
    /// <typeparam name="T3">Type of the third argument.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel; asynchronous ones may take a cancellation token last.</param>
    /// <param name="argument1">The first argument; copied now.</param>
    /// <param name="argument2">The second argument; copied now.</param>
    /// <param name="argument3">The third argument; copied now.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    /// <returns>Done when the function has returned.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ClusterException">An argument cannot be serialized.</exception>
    public static ClusterFuture Submit<T1, T2, T3>(
        this ClusterClient cluster, Action<T1, T2, T3> function, T1 argument1, T2 argument2, T3 argument3, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2, T3), Nothing>(cluster, function, (argument1, argument2, argument3), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="Submit{T1, T2, T3}(ClusterClient, Action{T1, T2, T3}, T1, T2, T3, TaskOptions, CancellationToken)"/>
    public static ClusterFuture Submit<T1, T2, T3>(
        this ClusterClient cluster, Func<T1, T2, T3, Task> function, T1 argument1, T2 argument2, T3 argument3, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2, T3), Nothing>(cluster, function, (argument1, argument2, argument3), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="Submit{T1, T2, T3}(ClusterClient, Action{T1, T2, T3}, T1, T2, T3, TaskOptions, CancellationToken)"/>
    public static ClusterFuture Submit<T1, T2, T3>(
        this ClusterClient cluster, Func<T1, T2, T3, CancellationToken, Task> function, T1 argument1, T2 argument2, T3 argument3, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2, T3), Nothing>(cluster, function, (argument1, argument2, argument3), Arguments.Spread, options, cancellationToken);

    /// <summary>Submits one call of a function for its effects.</summary>
    /// <typeparam name="T1">Type of the first argument.</typeparam>
    /// <typeparam name="T2">Type of the second argument.</typeparam>
    /// <typeparam name="T3">Type of the third argument.</typeparam>
    /// <typeparam name="T4">Type of the fourth argument.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel; asynchronous ones may take a cancellation token last.</param>
    /// <param name="argument1">The first argument; copied now.</param>
    /// <param name="argument2">The second argument; copied now.</param>
    /// <param name="argument3">The third argument; copied now.</param>
    /// <param name="argument4">The fourth argument; copied now.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    /// <returns>Done when the function has returned.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ClusterException">An argument cannot be serialized.</exception>
    public static ClusterFuture Submit<T1, T2, T3, T4>(
        this ClusterClient cluster, Action<T1, T2, T3, T4> function, T1 argument1, T2 argument2, T3 argument3, T4 argument4, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2, T3, T4), Nothing>(cluster, function, (argument1, argument2, argument3, argument4), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="Submit{T1, T2, T3, T4}(ClusterClient, Action{T1, T2, T3, T4}, T1, T2, T3, T4, TaskOptions, CancellationToken)"/>
    public static ClusterFuture Submit<T1, T2, T3, T4>(
        this ClusterClient cluster, Func<T1, T2, T3, T4, Task> function, T1 argument1, T2 argument2, T3 argument3, T4 argument4, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2, T3, T4), Nothing>(cluster, function, (argument1, argument2, argument3, argument4), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="Submit{T1, T2, T3, T4}(ClusterClient, Action{T1, T2, T3, T4}, T1, T2, T3, T4, TaskOptions, CancellationToken)"/>
    public static ClusterFuture Submit<T1, T2, T3, T4>(
        this ClusterClient cluster, Func<T1, T2, T3, T4, CancellationToken, Task> function, T1 argument1, T2 argument2, T3 argument3, T4 argument4, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCalls.Submit<(T1, T2, T3, T4), Nothing>(cluster, function, (argument1, argument2, argument3, argument4), Arguments.Spread, options, cancellationToken);
}
