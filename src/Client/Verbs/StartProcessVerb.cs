using Cluster.Client.Processes;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary><c>multiprocessing.Process</c>: a process of its own for one call of a function.</summary>
public static class StartProcessVerb
{
    /// <summary>Starts a process on some node, which runs a function and ends with it: <c>multiprocessing.Process(target, args)</c> and <c>start()</c>.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel; asynchronous ones may take a cancellation token last.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>The process, when it runs.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ClusterException">An argument cannot be serialized, or there is no node that may run it.</exception>
    public static Task<ClusterProcess> StartProcessAsync(
        this ClusterClient cluster, Action function, ProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        ProcessCalls.StartAsync<Nothing>(cluster, function, default(Nothing), Arguments.None, options, cancellationToken);

    /// <inheritdoc cref="StartProcessAsync(ClusterClient, Action, ProcessOptions, CancellationToken)"/>
    public static Task<ClusterProcess> StartProcessAsync(
        this ClusterClient cluster, Func<Task> function, ProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        ProcessCalls.StartAsync<Nothing>(cluster, function, default(Nothing), Arguments.None, options, cancellationToken);

    /// <inheritdoc cref="StartProcessAsync(ClusterClient, Action, ProcessOptions, CancellationToken)"/>
    public static Task<ClusterProcess> StartProcessAsync(
        this ClusterClient cluster, Func<CancellationToken, Task> function, ProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        ProcessCalls.StartAsync<Nothing>(cluster, function, default(Nothing), Arguments.None, options, cancellationToken);

    /// <summary>Starts a process on some node, which runs a function and ends with it: <c>multiprocessing.Process(target, args)</c> and <c>start()</c>.</summary>
    /// <typeparam name="T">Type of the argument.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel; asynchronous ones may take a cancellation token last.</param>
    /// <param name="argument">The argument.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>The process, when it runs.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ClusterException">An argument cannot be serialized, or there is no node that may run it.</exception>
    public static Task<ClusterProcess> StartProcessAsync<T>(
        this ClusterClient cluster, Action<T> function, T argument, ProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        ProcessCalls.StartAsync<T>(cluster, function, argument, Arguments.Single, options, cancellationToken);

    /// <inheritdoc cref="StartProcessAsync{T}(ClusterClient, Action{T}, T, ProcessOptions, CancellationToken)"/>
    public static Task<ClusterProcess> StartProcessAsync<T>(
        this ClusterClient cluster, Func<T, Task> function, T argument, ProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        ProcessCalls.StartAsync<T>(cluster, function, argument, Arguments.Single, options, cancellationToken);

    /// <inheritdoc cref="StartProcessAsync{T}(ClusterClient, Action{T}, T, ProcessOptions, CancellationToken)"/>
    public static Task<ClusterProcess> StartProcessAsync<T>(
        this ClusterClient cluster, Func<T, CancellationToken, Task> function, T argument, ProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        ProcessCalls.StartAsync<T>(cluster, function, argument, Arguments.Single, options, cancellationToken);

    /// <summary>Starts a process on some node, which runs a function and ends with it: <c>multiprocessing.Process(target, args)</c> and <c>start()</c>.</summary>
    /// <typeparam name="T1">Type of argument1.</typeparam>
    /// <typeparam name="T2">Type of argument2.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel; asynchronous ones may take a cancellation token last.</param>
    /// <param name="argument1">An argument.</param>
    /// <param name="argument2">An argument.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>The process, when it runs.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ClusterException">An argument cannot be serialized, or there is no node that may run it.</exception>
    public static Task<ClusterProcess> StartProcessAsync<T1, T2>(
        this ClusterClient cluster, Action<T1, T2> function, T1 argument1, T2 argument2, ProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        ProcessCalls.StartAsync<(T1, T2)>(cluster, function, (argument1, argument2), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="StartProcessAsync{T1, T2}(ClusterClient, Action{T1, T2}, T1, T2, ProcessOptions, CancellationToken)"/>
    public static Task<ClusterProcess> StartProcessAsync<T1, T2>(
        this ClusterClient cluster, Func<T1, T2, Task> function, T1 argument1, T2 argument2, ProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        ProcessCalls.StartAsync<(T1, T2)>(cluster, function, (argument1, argument2), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="StartProcessAsync{T1, T2}(ClusterClient, Action{T1, T2}, T1, T2, ProcessOptions, CancellationToken)"/>
    public static Task<ClusterProcess> StartProcessAsync<T1, T2>(
        this ClusterClient cluster, Func<T1, T2, CancellationToken, Task> function, T1 argument1, T2 argument2, ProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        ProcessCalls.StartAsync<(T1, T2)>(cluster, function, (argument1, argument2), Arguments.Spread, options, cancellationToken);

    /// <summary>Starts a process on some node, which runs a function and ends with it: <c>multiprocessing.Process(target, args)</c> and <c>start()</c>.</summary>
    /// <typeparam name="T1">Type of argument1.</typeparam>
    /// <typeparam name="T2">Type of argument2.</typeparam>
    /// <typeparam name="T3">Type of argument3.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel; asynchronous ones may take a cancellation token last.</param>
    /// <param name="argument1">An argument.</param>
    /// <param name="argument2">An argument.</param>
    /// <param name="argument3">An argument.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>The process, when it runs.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ClusterException">An argument cannot be serialized, or there is no node that may run it.</exception>
    public static Task<ClusterProcess> StartProcessAsync<T1, T2, T3>(
        this ClusterClient cluster, Action<T1, T2, T3> function, T1 argument1, T2 argument2, T3 argument3, ProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        ProcessCalls.StartAsync<(T1, T2, T3)>(cluster, function, (argument1, argument2, argument3), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="StartProcessAsync{T1, T2, T3}(ClusterClient, Action{T1, T2, T3}, T1, T2, T3, ProcessOptions, CancellationToken)"/>
    public static Task<ClusterProcess> StartProcessAsync<T1, T2, T3>(
        this ClusterClient cluster, Func<T1, T2, T3, Task> function, T1 argument1, T2 argument2, T3 argument3, ProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        ProcessCalls.StartAsync<(T1, T2, T3)>(cluster, function, (argument1, argument2, argument3), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="StartProcessAsync{T1, T2, T3}(ClusterClient, Action{T1, T2, T3}, T1, T2, T3, ProcessOptions, CancellationToken)"/>
    public static Task<ClusterProcess> StartProcessAsync<T1, T2, T3>(
        this ClusterClient cluster, Func<T1, T2, T3, CancellationToken, Task> function, T1 argument1, T2 argument2, T3 argument3, ProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        ProcessCalls.StartAsync<(T1, T2, T3)>(cluster, function, (argument1, argument2, argument3), Arguments.Spread, options, cancellationToken);

    /// <summary>Starts a process on some node, which runs a function and ends with it: <c>multiprocessing.Process(target, args)</c> and <c>start()</c>.</summary>
    /// <typeparam name="T1">Type of argument1.</typeparam>
    /// <typeparam name="T2">Type of argument2.</typeparam>
    /// <typeparam name="T3">Type of argument3.</typeparam>
    /// <typeparam name="T4">Type of argument4.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel; asynchronous ones may take a cancellation token last.</param>
    /// <param name="argument1">An argument.</param>
    /// <param name="argument2">An argument.</param>
    /// <param name="argument3">An argument.</param>
    /// <param name="argument4">An argument.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>The process, when it runs.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ClusterException">An argument cannot be serialized, or there is no node that may run it.</exception>
    public static Task<ClusterProcess> StartProcessAsync<T1, T2, T3, T4>(
        this ClusterClient cluster, Action<T1, T2, T3, T4> function, T1 argument1, T2 argument2, T3 argument3, T4 argument4, ProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        ProcessCalls.StartAsync<(T1, T2, T3, T4)>(cluster, function, (argument1, argument2, argument3, argument4), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="StartProcessAsync{T1, T2, T3, T4}(ClusterClient, Action{T1, T2, T3, T4}, T1, T2, T3, T4, ProcessOptions, CancellationToken)"/>
    public static Task<ClusterProcess> StartProcessAsync<T1, T2, T3, T4>(
        this ClusterClient cluster, Func<T1, T2, T3, T4, Task> function, T1 argument1, T2 argument2, T3 argument3, T4 argument4, ProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        ProcessCalls.StartAsync<(T1, T2, T3, T4)>(cluster, function, (argument1, argument2, argument3, argument4), Arguments.Spread, options, cancellationToken);

    /// <inheritdoc cref="StartProcessAsync{T1, T2, T3, T4}(ClusterClient, Action{T1, T2, T3, T4}, T1, T2, T3, T4, ProcessOptions, CancellationToken)"/>
    public static Task<ClusterProcess> StartProcessAsync<T1, T2, T3, T4>(
        this ClusterClient cluster, Func<T1, T2, T3, T4, CancellationToken, Task> function, T1 argument1, T2 argument2, T3 argument3, T4 argument4, ProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        ProcessCalls.StartAsync<(T1, T2, T3, T4)>(cluster, function, (argument1, argument2, argument3, argument4), Arguments.Spread, options, cancellationToken);
}
