namespace Cluster.Client;

/// <summary>Calls functions by the names that they were pushed under (<see cref="RegisteredFunctionsVerb.PushAsync"/>), without having their code.</summary>
public static class FunctionVerb
{
    /// <summary>A function that was pushed, by its name. Makes no call: whether there is such a function, and whether it takes and returns these types, its first call finds out.</summary>
    /// <remarks>
    /// Types of .NET have to be those of the function: <c>int</c> for <c>int</c>, not <c>long</c>. Types of the program's own need the members of the function's, and not its name or assembly: they
    /// travel as JSON. A result of type <c>object</c>, or <c>JsonElement</c>, takes everything; <c>object</c> is also what a function without a result gives: null. A name without a version stands for the
    /// current version when a job begins, and for that to the job's end.
    /// </remarks>
    /// <typeparam name="T">Type of the argument.</typeparam>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="name"><c>samples/square</c>, or <c>samples@VERSION/square</c> for a certain version.</param>
    /// <returns>The function.</returns>
    /// <exception cref="FunctionNotShippableException">Values of a type cannot travel.</exception>
    public static ClusterFunction<T, TResult> Function<T, TResult>(this ClusterClient cluster, string name)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return new ClusterFunction<T, TResult>(cluster, name);
    }

    /// <inheritdoc cref="Function{T, TResult}(ClusterClient, string)"/>
    public static ClusterFunction<TResult> Function<TResult>(this ClusterClient cluster, string name)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return new ClusterFunction<TResult>(cluster, name);
    }

    /// <inheritdoc cref="Function{T, TResult}(ClusterClient, string)"/>
    public static ClusterFunction<T1, T2, TResult> Function<T1, T2, TResult>(this ClusterClient cluster, string name)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return new ClusterFunction<T1, T2, TResult>(cluster, name);
    }

    /// <inheritdoc cref="Function{T, TResult}(ClusterClient, string)"/>
    public static ClusterFunction<T1, T2, T3, TResult> Function<T1, T2, T3, TResult>(this ClusterClient cluster, string name)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return new ClusterFunction<T1, T2, T3, TResult>(cluster, name);
    }

    /// <inheritdoc cref="Function{T, TResult}(ClusterClient, string)"/>
    public static ClusterFunction<T1, T2, T3, T4, TResult> Function<T1, T2, T3, T4, TResult>(this ClusterClient cluster, string name)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return new ClusterFunction<T1, T2, T3, T4, TResult>(cluster, name);
    }
}
