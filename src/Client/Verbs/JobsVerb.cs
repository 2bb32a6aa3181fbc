using System.Runtime.CompilerServices;
using Cluster.Client.Detached;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>Finds jobs that were submitted, here or elsewhere.</summary>
public static class JobsVerb
{
    private const uint PageSize = 100;

    /// <summary>A job that was submitted, by anybody. Makes no call: whether there is such a job, the first call of the handle finds out.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="id">Its id.</param>
    /// <returns>A handle.</returns>
    public static ClusterJob GetJob(this ClusterClient cluster, string id)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentException.ThrowIfNullOrEmpty(id);
        return new ClusterJob(cluster, id);
    }

    /// <summary>A job that was submitted, by anybody, with results. Makes no call: whether there is such a job, and whether its results are of this type, the first call for them finds out.</summary>
    /// <typeparam name="T">Type of the results: that of the function. Of a job that was submitted as JSON, any type that its results can be read as.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="id">Its id.</param>
    /// <returns>A handle.</returns>
    public static ClusterJob<T> GetJob<T>(this ClusterClient cluster, string id)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentException.ThrowIfNullOrEmpty(id);
        return new ClusterJob<T>(cluster, id);
    }

    /// <summary>Lists the jobs that were submitted and are not forgotten, the last one first. Fetched page by page, as they are read.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="filter">Which are wanted; null: all.</param>
    /// <param name="cancellationToken">Ends the iteration.</param>
    /// <returns>The jobs.</returns>
    /// <exception cref="ClusterException">Raised by the iteration: the coordinator did not answer.</exception>
    public static IAsyncEnumerable<ClusterJobInfo> ListJobsAsync(this ClusterClient cluster, JobFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        cluster.Connection.ThrowIfDisposed();
        return ListAsync(cluster, filter ?? new JobFilter(), cancellationToken);
    }

    private static async IAsyncEnumerable<ClusterJobInfo> ListAsync(ClusterClient cluster, JobFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var connection = cluster.Connection;
        var request = new ListJobsRequest { State = StatusOf(filter.State), NamePrefix = filter.NamePrefix, PageSize = PageSize };
        foreach (var (label, value) in filter.Labels ?? new Dictionary<string, string>())
        {
            request.Labels.Add(label, value);
        }

        do
        {
            var page = await PatientCall.RunAsync(
                connection, jobId: "", token => connection.Jobs.ListAsync(request, connection.Headers, cancellationToken: token).ResponseAsync, cancellationToken).ConfigureAwait(false);
            foreach (var job in page.Jobs)
            {
                yield return ClusterJobInfo.From(job);
            }

            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }

    private static JobStatus StatusOf(ClusterJobState? state) => state switch
    {
        ClusterJobState.Queued => JobStatus.Queued,
        ClusterJobState.Running => JobStatus.Running,
        ClusterJobState.Done => JobStatus.Done,
        ClusterJobState.Failed => JobStatus.Failed,
        ClusterJobState.Cancelled => JobStatus.Cancelled,
        _ => JobStatus.Unspecified,
    };
}
