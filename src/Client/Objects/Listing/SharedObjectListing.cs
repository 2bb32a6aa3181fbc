using Cluster.Client.Objects.Exceptions;
using Cluster.Client.Objects.Sessions;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>Tells which shared objects there are.</summary>
public static class SharedObjectListing
{
    /// <summary>Lists the shared objects of a cluster, in the order in which they were made.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="prefix">Only those whose names begin like this. Default: all.</param>
    /// <param name="kind">Only those of this kind. Default (null): all.</param>
    /// <param name="anonymous">Those without a name too.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What there is.</returns>
    /// <exception cref="ClusterException">The coordinator did not answer.</exception>
    public static async Task<IReadOnlyList<SharedObjectInfo>> ListObjectsAsync(
        this ClusterClient cluster, string prefix = "", SharedObjectKind? kind = null, bool anonymous = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(prefix);
        cluster.Connection.ThrowIfDisposed();
        var list = new ObjectList { Prefix = prefix, Kind = (ObjectKind)(kind ?? SharedObjectKind.Unknown), Anonymous = anonymous };
        var request = new PagedRequest(new ObjectRequest { ListObjects = list }, static reply => reply.Objects.More);
        cluster.Connection.SharedObjects.Send(request);
        var pages = await request.Replies.WaitAsync(cancellationToken).ConfigureAwait(false);
        pages[^1].OrThrow();
        return [.. pages.SelectMany(static page => page.Objects.Objects).Select(SharedObjectInfo.From)];
    }
}
