using Cluster.Client.Detached;
using Cluster.Client.Functions;
using Cluster.Client.Jobs;

namespace Cluster.Client;

/// <summary>A function of one argument that is called by its name: its code is in the cluster, and needs not be here. See <see cref="FunctionVerb"/>.</summary>
/// <typeparam name="T">Type of the argument.</typeparam>
/// <typeparam name="TResult">Type of the result.</typeparam>
public sealed class ClusterFunction<T, TResult>
{
    private readonly ClusterClient _cluster;
    private readonly NamedTarget _target;

    internal ClusterFunction(ClusterClient cluster, string name)
    {
        _cluster = cluster;
        _target = new NamedTarget(name, [typeof(T)], typeof(TResult));
    }

    /// <summary>The name, as it was given.</summary>
    public string Name => _target.Name;

    /// <summary>Calls the function once.</summary>
    /// <param name="argument">The argument; copied now.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The result.</returns>
    /// <exception cref="RegisteredFunctionException">There is no function of this name, or it takes or returns something else.</exception>
    /// <exception cref="RemoteTaskException">It failed.</exception>
    /// <exception cref="WorkerLostException">The process that ran it died too often.</exception>
    /// <exception cref="TaskTimeoutException">It ran for longer than <see cref="TaskOptions.Timeout"/>.</exception>
    /// <exception cref="ClusterUnavailableException">The connection broke, or no node that may run it was attached in time.</exception>
    public Task<TResult> InvokeAsync(T argument, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        Submit(argument, options, cancellationToken).Task;

    /// <summary>Calls the function once, its result to come. Calls that follow each other share a job, and so the version that the name stood for when that began.</summary>
    /// <param name="argument">The argument; copied now.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    /// <returns>The result to come. It fails with <see cref="RegisteredFunctionException"/> where there is no such function, or it takes or returns something else.</returns>
    /// <exception cref="ClusterException">An argument cannot be serialized.</exception>
    public ClusterFuture<TResult> Submit(T argument, TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        _cluster.Submissions.Submit<T, TResult>(_target, argument, options ?? TaskOptions.Default, cancellationToken);

    /// <summary>Applies the function to every item, in parallel, and returns the results in the order of the input: as <c>MapAsync</c> of <see cref="ClusterClient"/>.</summary>
    /// <param name="source">The items.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <returns>The results; empty for an empty source.</returns>
    /// <exception cref="RegisteredFunctionException">There is no function of this name, or it takes or returns something else.</exception>
    /// <exception cref="RemoteTaskException">An item failed (<see cref="OnError.Throw"/>: the first one; the rest is cancelled).</exception>
    /// <exception cref="MapFailedException">Items failed, with <see cref="OnError.Collect"/>.</exception>
    /// <exception cref="WorkerLostException">The process that ran an item died too often.</exception>
    /// <exception cref="TaskTimeoutException">An item ran for longer than <see cref="TaskOptions.Timeout"/>.</exception>
    /// <exception cref="ClusterUnavailableException">The connection broke, or no node that may run the job was attached in time.</exception>
    public Task<TResult[]> MapAsync(IEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<T, TResult>(_cluster, _target, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="MapAsync(IEnumerable{T}, MapOptions, CancellationToken)"/>
    public Task<TResult[]> MapAsync(IAsyncEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.ValuesAsync<T, TResult>(_cluster, _target, new ItemSource<T>(source), options, cancellationToken);

    /// <summary>Applies the function to every item and returns what became of each: its result, or its exception. All items run.</summary>
    /// <param name="source">The items.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <returns>One outcome per item, in the order of the items.</returns>
    /// <exception cref="RegisteredFunctionException">There is no function of this name, or it takes or returns something else.</exception>
    /// <exception cref="ClusterUnavailableException">The connection broke, or no node that may run the job was attached in time.</exception>
    public Task<ItemOutcome<TResult>[]> MapOutcomesAsync(IEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.OutcomesAsync<T, TResult>(_cluster, _target, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="MapOutcomesAsync(IEnumerable{T}, MapOptions, CancellationToken)"/>
    public Task<ItemOutcome<TResult>[]> MapOutcomesAsync(IAsyncEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        EagerCalls.OutcomesAsync<T, TResult>(_cluster, _target, new ItemSource<T>(source), options, cancellationToken);

    /// <summary>Applies the function to items as the results are consumed, which come in the order of the items: as <c>IMapAsync</c> of <see cref="ClusterClient"/>, lazy and bounded in the same way.</summary>
    /// <param name="source">The items.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <returns>The results, in the order of the items. Nothing runs before the first is asked for.</returns>
    /// <exception cref="RegisteredFunctionException">Raised by the iteration: there is no function of this name, or it takes or returns something else.</exception>
    /// <exception cref="RemoteTaskException">Raised by the iteration: an item failed; whoever goes on gets the next one.</exception>
    /// <exception cref="ClusterUnavailableException">Raised by the iteration: the connection broke, or no node was attached in time.</exception>
    public IAsyncEnumerable<TResult> IMapAsync(IEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        LazyCalls.Results<T, TResult>(_cluster, _target, new ItemSource<T>(source), ordered: true, options, cancellationToken);

    /// <inheritdoc cref="IMapAsync(IEnumerable{T}, MapOptions, CancellationToken)"/>
    public IAsyncEnumerable<TResult> IMapAsync(IAsyncEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        LazyCalls.Results<T, TResult>(_cluster, _target, new ItemSource<T>(source), ordered: true, options, cancellationToken);

    /// <summary>The same, with the results as they come: as <c>IMapUnorderedAsync</c> of <see cref="ClusterClient"/>.</summary>
    /// <inheritdoc cref="IMapAsync(IEnumerable{T}, MapOptions, CancellationToken)"/>
    public IAsyncEnumerable<TResult> IMapUnorderedAsync(IEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        LazyCalls.Results<T, TResult>(_cluster, _target, new ItemSource<T>(source), ordered: false, options, cancellationToken);

    /// <inheritdoc cref="IMapUnorderedAsync(IEnumerable{T}, MapOptions, CancellationToken)"/>
    public IAsyncEnumerable<TResult> IMapUnorderedAsync(IAsyncEnumerable<T> source, MapOptions? options = null, CancellationToken cancellationToken = default) =>
        LazyCalls.Results<T, TResult>(_cluster, _target, new ItemSource<T>(source), ordered: false, options, cancellationToken);

    /// <summary>Submits a job that the coordinator keeps, as <c>SubmitJobAsync</c> of <see cref="ClusterClient"/>. The version that the name stands for now runs, whatever is pushed later.</summary>
    /// <param name="source">The items.</param>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Gives the submission up.</param>
    /// <returns>The job, which is on the coordinator's disk.</returns>
    /// <exception cref="RegisteredFunctionException">There is no function of this name, or it takes or returns something else.</exception>
    /// <exception cref="ArgumentException">An option has no place here.</exception>
    /// <exception cref="ClusterUnavailableException">The connection broke and did not come back in time.</exception>
    /// <exception cref="ClusterException">An item cannot be sent, the request's id is that of another request, or the coordinator has no room.</exception>
    public Task<ClusterJob<TResult>> SubmitJobAsync(IEnumerable<T> source, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitJobCalls.SubmitAsync<T, TResult>(_cluster, _target, new ItemSource<T>(source), options, cancellationToken);

    /// <inheritdoc cref="SubmitJobAsync(IEnumerable{T}, JobOptions, CancellationToken)"/>
    public Task<ClusterJob<TResult>> SubmitJobAsync(IAsyncEnumerable<T> source, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitJobCalls.SubmitAsync<T, TResult>(_cluster, _target, new ItemSource<T>(source), options, cancellationToken);
}
