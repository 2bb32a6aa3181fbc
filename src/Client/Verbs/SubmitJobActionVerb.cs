using Cluster.Client.Detached;
using Cluster.Client.Jobs;

namespace Cluster.Client;

/// <summary>A function over a sequence, for its effects, that outlives its caller.</summary>
public static class SubmitJobActionVerb
{
    /// <summary>
    /// Submits a job that the coordinator keeps: a map that goes on whatever becomes of this process, and of the coordinator where it has a data directory. Completes when the job, with all its items, is
    /// on the coordinator's disk; it can be looked after from any process by its id.
    /// </summary>
    /// <remarks>
    /// Items are sent as they are taken from the source, whatever their number up to 16,777,216, in bounded memory. A connection that breaks meanwhile is dialled again, and the submission goes on where it was.
    /// When the call is cancelled, or the source throws, nothing is submitted.
    /// </remarks>
    /// <typeparam name="T">Type of the items.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="function">A static method, or a lambda whose captured values can travel.</param>
    /// <param name="source">The items.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Gives the submission up.</param>
    /// <returns>The job.</returns>
    /// <exception cref="FunctionNotShippableException">Something that the function captured, or the type of an argument, cannot travel.</exception>
    /// <exception cref="ArgumentException">An option has no place here.</exception>
    /// <exception cref="ClusterUnavailableException">The connection broke and did not come back in time. Whether there is a job, <see cref="JobOptions.RequestId"/> tells: submit again.</exception>
    /// <exception cref="ClusterException">An item cannot be sent, the request's id is that of another request, or the coordinator has no room.</exception>
    public static Task<ClusterJob> SubmitJobAsync<T>(
        this ClusterClient cluster, Action<T> function, IEnumerable<T> source, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitJobCalls.SubmitAsync<T>(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="SubmitJobAsync{T}(ClusterClient, Action{T}, IEnumerable{T}, JobOptions, CancellationToken)"/>
    public static Task<ClusterJob> SubmitJobAsync<T>(
        this ClusterClient cluster, Func<T, Task> function, IEnumerable<T> source, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitJobCalls.SubmitAsync<T>(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="SubmitJobAsync{T}(ClusterClient, Action{T}, IEnumerable{T}, JobOptions, CancellationToken)"/>
    public static Task<ClusterJob> SubmitJobAsync<T>(
        this ClusterClient cluster, Func<T, CancellationToken, Task> function, IEnumerable<T> source, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitJobCalls.SubmitAsync<T>(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="SubmitJobAsync{T}(ClusterClient, Action{T}, IEnumerable{T}, JobOptions, CancellationToken)"/>
    public static Task<ClusterJob> SubmitJobAsync<T>(
        this ClusterClient cluster, Action<T> function, IAsyncEnumerable<T> source, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitJobCalls.SubmitAsync<T>(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="SubmitJobAsync{T}(ClusterClient, Action{T}, IEnumerable{T}, JobOptions, CancellationToken)"/>
    public static Task<ClusterJob> SubmitJobAsync<T>(
        this ClusterClient cluster, Func<T, Task> function, IAsyncEnumerable<T> source, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitJobCalls.SubmitAsync<T>(cluster, function, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="SubmitJobAsync{T}(ClusterClient, Action{T}, IEnumerable{T}, JobOptions, CancellationToken)"/>
    public static Task<ClusterJob> SubmitJobAsync<T>(
        this ClusterClient cluster, Func<T, CancellationToken, Task> function, IAsyncEnumerable<T> source, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitJobCalls.SubmitAsync<T>(cluster, function, new ItemSource<T>(source), options, cancellationToken);
}
