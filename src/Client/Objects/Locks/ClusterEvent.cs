using System.Text.Json.Serialization;
using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Locks;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>A flag that all processes of a cluster can wait for: <c>multiprocessing.Event</c>.</summary>
[JsonConverter(typeof(SharedObjectConverter))]
public sealed class ClusterEvent : ClusterObject
{
    internal ClusterEvent(ObjectHandle handle)
        : base(handle)
    {
    }

    /// <summary>Sets the flag: all who wait go on, and everybody from now on.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when it is set.</returns>
    public Task SetAsync(CancellationToken cancellationToken = default) => Handle.CallAsync(new ObjectRequest { EventSet = new EventSet() }, cancellationToken);

    /// <summary>Clears the flag.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when it is cleared.</returns>
    public Task ClearAsync(CancellationToken cancellationToken = default) => Handle.CallAsync(new ObjectRequest { EventClear = new EventClear() }, cancellationToken);

    /// <summary>Whether the flag is set.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it is.</returns>
    public async Task<bool> IsSetAsync(CancellationToken cancellationToken = default) =>
        (await Handle.CallAsync(new ObjectRequest { EventIsSet = new EventIsSet() }, cancellationToken).ConfigureAwait(false)).Flag;

    /// <summary>Waits until the flag is set.</summary>
    /// <param name="timeout">How long. Default (null): for ever.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Whether it was set in time.</returns>
    public async Task<bool> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        (await Handle.CallAsync(new ObjectRequest { EventWait = new EventWait() }.Within(timeout), cancellationToken).ConfigureAwait(false)).Flag;

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"event '{Name}'" : "an anonymous event";
}
