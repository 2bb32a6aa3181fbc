using Cluster.Client.Functions;
using Cluster.Protocol.Batches;

namespace Cluster.Client;

/// <summary>A function without arguments that is called by its name: its code is in the cluster, and needs not be here. See <see cref="FunctionVerb"/>.</summary>
/// <typeparam name="TResult">Type of the result.</typeparam>
public sealed class ClusterFunction<TResult>
{
    private readonly ClusterClient _cluster;
    private readonly NamedTarget _target;

    internal ClusterFunction(ClusterClient cluster, string name)
    {
        _cluster = cluster;
        _target = new NamedTarget(name, [], typeof(TResult));
    }

    /// <summary>The name, as it was given.</summary>
    public string Name => _target.Name;

    /// <summary>Calls the function once.</summary>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The result.</returns>
    /// <exception cref="RegisteredFunctionException">There is no function of this name, or it takes or returns something else.</exception>
    /// <exception cref="RemoteTaskException">It failed.</exception>
    /// <exception cref="WorkerLostException">The process that ran it died too often.</exception>
    /// <exception cref="TaskTimeoutException">It ran for longer than <see cref="TaskOptions.Timeout"/>.</exception>
    /// <exception cref="ClusterUnavailableException">The connection broke, or no node that may run it was attached in time.</exception>
    public Task<TResult> InvokeAsync(TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        Submit(options, cancellationToken).Task;

    /// <summary>Calls the function once, its result to come. Calls that follow each other share a job, and so the version that the name stood for when that began.</summary>
    /// <param name="options">How to run; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    /// <returns>The result to come. It fails with <see cref="RegisteredFunctionException"/> where there is no such function, or it takes or returns something else.</returns>
    /// <exception cref="ClusterException">An argument cannot be serialized.</exception>
    public ClusterFuture<TResult> Submit(TaskOptions? options = null, CancellationToken cancellationToken = default) =>
        _cluster.Submissions.Submit<Nothing, TResult>(_target, default(Nothing), options ?? TaskOptions.Default, cancellationToken);
}
