using Cluster.Client.Detached;
using Cluster.Client.Jobs;

namespace Cluster.Client;

/// <summary>A job that was submitted, with results. See <see cref="ClusterJob"/>.</summary>
/// <typeparam name="T">Type of the results.</typeparam>
public sealed class ClusterJob<T> : ClusterJob
{
    private bool _checked;

    internal ClusterJob(ClusterClient cluster, string id)
        : base(cluster, id)
    {
    }

    /// <summary>What becomes of each item, in the order of the items, as soon as it is known. As often as one likes, from any process; goes on when the coordinator was away, without a gap and without a
    /// repetition. Results are fetched as they are read, and not kept here.</summary>
    /// <param name="fromIndex">The item to begin with, from 0.</param>
    /// <param name="wait">Wait for items that have no result yet. Otherwise the iteration ends at the first of them.</param>
    /// <param name="cancellationToken">Ends the iteration; the job goes on.</param>
    /// <returns>The outcomes. Of a job that ended early, items without an answer have the reason as their exception.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fromIndex"/> is negative.</exception>
    /// <exception cref="JobNotFoundException">Raised by the iteration: there is no such job, or it is forgotten.</exception>
    /// <exception cref="ClusterException">Raised by the iteration: results are of another type, there is no such item, or the coordinator did not answer.</exception>
    public IAsyncEnumerable<ItemOutcome<T>> ResultsAsync(long fromIndex = 0, bool wait = true, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromIndex);
        return OutcomesAsync(fromIndex, wait, cancellationToken);
    }

    /// <summary>Waits until it has ended, and gives all results, as <c>MapAsync</c> would.</summary>
    /// <param name="cancellationToken">Ends the wait; the job goes on.</param>
    /// <returns>The results, in the order of the items.</returns>
    /// <exception cref="RemoteTaskException">An item failed, and the job ended at its first failure.</exception>
    /// <exception cref="MapFailedException">Items failed, with <see cref="OnError.Collect"/>.</exception>
    /// <exception cref="WorkerLostException">The process that ran an item died too often.</exception>
    /// <exception cref="TaskTimeoutException">An item ran for longer than <see cref="TaskOptions.Timeout"/>.</exception>
    /// <exception cref="OperationCanceledException">The job was cancelled.</exception>
    /// <exception cref="JobNotFoundException">There is no such job, or it is forgotten.</exception>
    /// <exception cref="ClusterException">Results are of another type, the job ended early for another reason, or the coordinator did not answer.</exception>
    public async Task<T[]> GetResultsAsync(CancellationToken cancellationToken = default)
    {
        var items = await CheckAsync(cancellationToken).ConfigureAwait(false);
        return await ReadAllAsync<T, T[]>(new ValueResults<T>(throwFirst: false, items), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until it has ended, and gives what became of each item, as <c>MapOutcomesAsync</c> would.</summary>
    /// <param name="cancellationToken">Ends the wait; the job goes on.</param>
    /// <returns>One outcome per item, in order. Of a job that ended early, items without an answer have the reason as their exception.</returns>
    /// <exception cref="JobNotFoundException">There is no such job, or it is forgotten.</exception>
    /// <exception cref="ClusterException">Results are of another type, or the coordinator did not answer.</exception>
    public async Task<ItemOutcome<T>[]> GetOutcomesAsync(CancellationToken cancellationToken = default)
    {
        var results = new OutcomeResults<T>(await CheckAsync(cancellationToken).ConfigureAwait(false));
        await JobReading.ReadAllAsync<T>(Connection, Id, results, cancellationToken).ConfigureAwait(false);
        results.End(null);
        return await results.Completion.ConfigureAwait(false);
    }

    private async IAsyncEnumerable<ItemOutcome<T>> OutcomesAsync(
        long fromIndex, bool wait, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!_checked)
        {
            await CheckAsync(cancellationToken).ConfigureAwait(false);
        }

        await foreach (var outcome in JobReading.OutcomesAsync<T>(Connection, Id, fromIndex, wait, cancellationToken).ConfigureAwait(false))
        {
            yield return outcome;
        }
    }

    private async Task<int> CheckAsync(CancellationToken cancellationToken)
    {
        var info = await GetStatusAsync(cancellationToken).ConfigureAwait(false);
        JobReading.Require<T>(info);
        _checked = true;
        return checked((int)info.Items);
    }
}
