using System.Runtime.CompilerServices;
using Cluster.Client.Connection;
using Cluster.Client.Detached;
using Cluster.Client.Exceptions;
using Cluster.Client.Jobs;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>
/// A job that was submitted, and goes on whatever becomes of the process that submitted it. A handle: it holds nothing but the id, and any process that knows that can make another one
/// (<see cref="JobsVerb.GetJob(ClusterClient, string)"/>). Its calls wait for a coordinator that is away, for up to <see cref="ClusterClientOptions.ReconnectTimeout"/>.
/// </summary>
public class ClusterJob
{
    internal ClusterJob(ClusterClient cluster, string id)
    {
        Cluster = cluster;
        Id = id;
    }

    /// <summary>What the job is called by, in every process.</summary>
    public string Id { get; }

    /// <summary>The job had been submitted before, under the same <see cref="JobOptions.RequestId"/>: nothing new runs.</summary>
    public bool WasKnown { get; internal init; }

    internal ClusterClient Cluster { get; }

    internal ClusterConnection Connection => Cluster.Connection;

    /// <summary>How far it is.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A snapshot.</returns>
    /// <exception cref="JobNotFoundException">There is no such job, or it is forgotten.</exception>
    /// <exception cref="ClusterException">The coordinator did not answer.</exception>
    public async Task<ClusterJobInfo> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        var request = new GetJobRequest { JobId = Id };
        return ClusterJobInfo.From(await PatientCall.RunAsync(
            Connection, Id, token => Connection.Jobs.GetAsync(request, Connection.Headers, cancellationToken: token).ResponseAsync, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>How far it is, at once and whenever that changes, a few times a second at most, until it has ended. Goes on when the coordinator was away.</summary>
    /// <param name="cancellationToken">Ends the watch; the job goes on.</param>
    /// <returns>Snapshots; the last one is that of the end.</returns>
    /// <exception cref="JobNotFoundException">Raised by the iteration: there is no such job, or it is forgotten.</exception>
    /// <exception cref="ClusterException">Raised by the iteration: the coordinator did not answer.</exception>
    public async IAsyncEnumerable<ClusterJobInfo> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new WatchJobRequest { JobId = Id };
        using var stream = new ResumedStream<JobInfo>(Connection, Id, token => Connection.Jobs.Watch(request, Connection.Headers, cancellationToken: token));
        JobInfo? last = null;
        while (await stream.NextAsync(cancellationToken).ConfigureAwait(false) is { } info)
        {
            // Another call begins with what the last one ended with.
            if (!info.Equals(last))
            {
                yield return ClusterJobInfo.From(last = info);
            }
        }
    }

    /// <summary>Waits until it has ended, one way or another.</summary>
    /// <param name="timeout">How long to wait. Default (null): as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait; the job goes on.</param>
    /// <returns>How it ended. Failures are no exceptions here.</returns>
    /// <exception cref="TimeoutException">It has not ended in time. It goes on.</exception>
    /// <exception cref="JobNotFoundException">There is no such job, or it is forgotten.</exception>
    /// <exception cref="ClusterException">The coordinator did not answer.</exception>
    public async Task<ClusterJobInfo> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        using var patience = new CancellationTokenSource(timeout ?? Timeout.InfiniteTimeSpan, Connection.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        ClusterJobInfo? last = null;
        try
        {
            await foreach (var info in WatchAsync(either.Token).ConfigureAwait(false))
            {
                last = info;
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"Job {Id} has not ended within {timeout!.Value.TotalSeconds:0.###} s{(last is null ? "" : $": {last.Completed + last.Failed} of {last.Items} items are done. {last.WaitingFor}".TrimEnd())}. It goes on.");
        }

        return last ?? throw new ClusterException($"The coordinator at {Connection.Endpoint.Text} ended the watch of job {Id} without a word. Its log may say why.", isTransient: true);
    }

    /// <summary>Waits until it has ended, and throws as <c>ForEachAsync</c> does where items failed.</summary>
    /// <param name="cancellationToken">Ends the wait; the job goes on.</param>
    /// <returns>Completes when every item has run.</returns>
    /// <exception cref="RemoteTaskException">An item failed, and the job ended at its first failure.</exception>
    /// <exception cref="MapFailedException">Items failed, with <see cref="OnError.Collect"/>.</exception>
    /// <exception cref="OperationCanceledException">The job was cancelled.</exception>
    /// <exception cref="JobNotFoundException">There is no such job, or it is forgotten.</exception>
    /// <exception cref="ClusterException">The job ended early for another reason, or the coordinator did not answer.</exception>
    public async Task ThrowIfFailedAsync(CancellationToken cancellationToken = default)
    {
        var info = await WaitAsync(timeout: null, cancellationToken).ConfigureAwait(false);
        if (info.State != ClusterJobState.Done || info.Failed > 0)
        {
            await ReadAllAsync<Protocol.Batches.Nothing, Protocol.Batches.Nothing>(new NoResults(throwFirst: false), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends it. Results that it has can still be fetched. Where it has ended already, nothing happens.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How it has ended.</returns>
    /// <exception cref="JobNotFoundException">There is no such job, or it is forgotten.</exception>
    /// <exception cref="ClusterException">The coordinator did not answer.</exception>
    public async Task<ClusterJobInfo> CancelAsync(CancellationToken cancellationToken = default)
    {
        var request = new CancelJobRequest { JobId = Id };
        return ClusterJobInfo.From(await PatientCall.RunAsync(
            Connection, Id, token => Connection.Jobs.CancelAsync(request, Connection.Headers, cancellationToken: token).ResponseAsync, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public override string ToString() => $"Job {Id} at {Connection.Endpoint.Text}";

    private protected async Task<TAll> ReadAllAsync<TResult, TAll>(EagerResults<TAll> results, CancellationToken cancellationToken)
    {
        var first = await JobReading.ReadAllAsync<TResult>(Connection, Id, results, cancellationToken).ConfigureAwait(false);

        // The last answer is known a moment before the end is.
        var info = await WaitAsync(timeout: null, cancellationToken).ConfigureAwait(false);
        results.End(info switch
        {
            { State: ClusterJobState.Done } => null,
            { State: ClusterJobState.Failed, Error.Kind: ErrorKind.Cancelled } when first is not null => RemoteErrors.ForItem(first),
            { Error: { } error } => RemoteErrors.ForJob(error, Id),
            _ => null,
        });
        return await results.Completion.ConfigureAwait(false);
    }
}
