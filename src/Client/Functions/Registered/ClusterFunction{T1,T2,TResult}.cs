using Cluster.Client.Detached;
using Cluster.Client.Functions;
using Cluster.Client.Jobs;

namespace Cluster.Client;

/// <summary>A function of two arguments that is called by its name: its code is in the cluster, and needs not be here. See <see cref="FunctionVerb"/>.</summary>
/// <typeparam name="T1">Type of the first argument.</typeparam>
/// <typeparam name="T2">Type of the second argument.</typeparam>
/// <typeparam name="TResult">Type of the result.</typeparam>
public sealed class ClusterFunction<T1, T2, TResult>
{
    private readonly ClusterClient _cluster;
    private readonly NamedTarget _target;

    internal ClusterFunction(ClusterClient cluster, string name)
    {
        _cluster = cluster;
        _target = new NamedTarget(name, [typeof(T1), typeof(T2)], typeof(TResult));
    }

    /// <summary>The name, as it was given.</summary>
    public string Name => _target.Name;

    /// <summary>Calls the function once.</summary>
    /// <param name="argument1">The first argument; copied now.</param>
    /// <param name="argument2">The second argument; copied now.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The result.</returns>
    /// <exception cref="RegisteredFunctionException">There is no function of this name, or it takes or returns something else.</exception>
    /// <exception cref="RemoteTaskException">It failed.</exception>
    /// <exception cref="WorkerLostException">The process that ran it died too often.</exception>
    /// <exception cref="TaskTimeoutException">It ran for longer than <see cref="TaskOptions.Timeout"/>.</exception>
    /// <exception cref="ClusterUnavailableException">The connection broke, or no node that may run it was attached in time.</exception>
    public Task<TResult> InvokeAsync(T1 argument1, T2 argument2, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        Submit(argument1, argument2, options, cancellationToken).Task;

    /// <summary>Calls the function once, its result to come. Calls that follow each other share a job, and so the version that the name stood for when that began.</summary>
    /// <param name="argument1">The first argument; copied now.</param>
    /// <param name="argument2">The second argument; copied now.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    /// <returns>The result to come. It fails with <see cref="RegisteredFunctionException"/> where there is no such function, or it takes or returns something else.</returns>
    /// <exception cref="ClusterException">An argument cannot be serialized.</exception>
    public ClusterFuture<TResult> Submit(T1 argument1, T2 argument2, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        _cluster.Submissions.Submit<(T1, T2), TResult>(_target, (argument1, argument2), options ?? TaskOptions.Default, cancellationToken);

    /// <summary>Applies the function to every tuple of arguments, in parallel, and returns the results in the order of the input: as <c>StarMapAsync</c> of <see cref="ClusterClient"/>.</summary>
    /// <param name="source">The arguments.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <returns>The results; empty for an empty source.</returns>
    /// <exception cref="RegisteredFunctionException">There is no function of this name, or it takes or returns something else.</exception>
    /// <exception cref="RemoteTaskException">An item failed (<see cref="OnError.Throw"/>: the first one; the rest is cancelled).</exception>
    /// <exception cref="MapFailedException">Items failed, with <see cref="OnError.Collect"/>.</exception>
    /// <exception cref="WorkerLostException">The process that ran an item died too often.</exception>
    /// <exception cref="TaskTimeoutException">An item ran for longer than <see cref="TaskOptions.Timeout"/>.</exception>
    /// <exception cref="ClusterUnavailableException">The connection broke, or no node that may run the job was attached in time.</exception>
    public Task<TResult[]> StarMapAsync(IEnumerable<(T1, T2)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2), TResult>(_cluster, _target, new ItemSource<(T1, T2)>(source), options, cancellationToken);

    /// <inheritdoc cref="StarMapAsync(IEnumerable{ValueTuple{T1, T2}}, MapOptions, CancellationToken)"/>
    public Task<TResult[]> StarMapAsync(IAsyncEnumerable<(T1, T2)> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<(T1, T2), TResult>(_cluster, _target, new ItemSource<(T1, T2)>(source), options, cancellationToken);

    /// <summary>Submits a job that the coordinator keeps, as <c>SubmitJobAsync</c> of <see cref="ClusterClient"/>. The version that the name stands for now runs, whatever is pushed later.</summary>
    /// <param name="source">The arguments.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Gives the submission up.</param>
    /// <returns>The job, which is on the coordinator's disk.</returns>
    /// <exception cref="RegisteredFunctionException">There is no function of this name, or it takes or returns something else.</exception>
    /// <exception cref="ArgumentException">An option has no place here.</exception>
    /// <exception cref="ClusterUnavailableException">The connection broke and did not come back in time.</exception>
    /// <exception cref="ClusterException">An item cannot be sent, the request's id is that of another request, or the coordinator has no room.</exception>
    public Task<ClusterJob<TResult>> SubmitJobAsync(IEnumerable<(T1, T2)> source, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitJobCalls.SubmitAsync<(T1, T2), TResult>(_cluster, _target, new ItemSource<(T1, T2)>(source), options, cancellationToken);

    /// <inheritdoc cref="SubmitJobAsync(IEnumerable{ValueTuple{T1, T2}}, JobOptions, CancellationToken)"/>
    public Task<ClusterJob<TResult>> SubmitJobAsync(IAsyncEnumerable<(T1, T2)> source, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitJobCalls.SubmitAsync<(T1, T2), TResult>(_cluster, _target, new ItemSource<(T1, T2)>(source), options, cancellationToken);
}
