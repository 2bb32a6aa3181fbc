using Cluster.Client.Objects.Handles;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>
/// An object that all processes of a cluster share: it lives in the coordinator, and every operation goes there. Named objects live until they are
/// deleted; anonymous ones as long as somebody has them. Thread-safe.
/// </summary>
public abstract class ClusterObject : IReferenced, IAsyncDisposable
{
    private int _released;

    private protected ClusterObject(ObjectHandle handle) => Handle = handle;

    /// <summary>Its name; empty: it is anonymous.</summary>
    public string Name => Handle.Name;

    ObjectHandle IReferenced.Handle => Handle;

    internal ObjectHandle Handle { get; }

    /// <summary>Ends the object, for everybody. Who waits for it is told.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there still was one.</returns>
    public async Task<bool> DeleteAsync(CancellationToken cancellationToken = default) =>
        (await Handle.CallAsync(new ObjectRequest { Delete = new ObjectDelete() }, cancellationToken).ConfigureAwait(false)).Flag;

    /// <summary>
    /// Gives this reference back: an anonymous object to which nobody has one is gone. What a task was given is given back when no task of its process has it any more.
    /// </summary>
    /// <returns>Completes when the coordinator knows.</returns>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            await Handle.ReleaseAsync().ConfigureAwait(false);
        }
    }
}
