using Cluster.Client.Broadcasts;

namespace Cluster.Client;

/// <summary>Sends values to nodes that many tasks need.</summary>
public static class Broadcasting
{
    /// <summary>
    /// Makes a value known to the cluster, for tasks that need it: it goes to the coordinator now, and to each node once, when a task there asks for it first. It is found by its
    /// content: what is there already is not sent again.
    /// </summary>
    /// <typeparam name="T">The value. Anything that could be an argument; of a <see cref="ReadOnlyMemory{T}"/> of unmanaged elements a node has one copy for all of its workers.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="value">The value, as it is now: what is changed later is not sent. Up to 2 GiB.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>A handle to give to tasks. The value is kept until it is disposed, or this client is gone.</returns>
    /// <exception cref="ClusterException">The value has no form that travels, is too large, or the coordinator has no room for it.</exception>
    public static async Task<Broadcast<T>> BroadcastAsync<T>(this ClusterClient cluster, T value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(value);
        cluster.Connection.ThrowIfDisposed();
        var content = await Task.Run(() => BroadcastFile.WriteAsync(value, cancellationToken), cancellationToken).ConfigureAwait(false);
        await cluster.Connection.Broadcasts.HoldAsync(content, cancellationToken).ConfigureAwait(false);
        return new Broadcast<T>(value, content, cluster.Connection.Broadcasts);
    }
}
