using Cluster.Client.Objects.Handles;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>An item of a queue on loan. Acknowledge it when it is dealt with; dispose it to give it back otherwise.</summary>
/// <typeparam name="T">Items.</typeparam>
public sealed class QueueLease<T> : IAsyncDisposable
{
    private readonly ObjectHandle _queue;
    private readonly ulong _lease;
    private int _settled;

    internal QueueLease(ObjectHandle queue, T value, QueueItem item) => (_queue, Value, _lease, Deliveries) = (queue, value, item.Lease, (int)item.Deliveries);

    /// <summary>The item.</summary>
    public T Value { get; }

    /// <summary>How often it was taken, this time included: more than 1 after a consumer was lost with it, or gave it back.</summary>
    public int Deliveries { get; }

    /// <summary>The item is dealt with: nobody gets it again, and it counts as done.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it was still this lease's: false after the session was lost, when another may have it.</returns>
    public async Task<bool> AcknowledgeAsync(CancellationToken cancellationToken = default) =>
        Interlocked.Exchange(ref _settled, 1) == 0
        && (await _queue.CallAsync(new ObjectRequest { QueueAcknowledge = new QueueAcknowledge { Leases = { _lease } } }, cancellationToken).ConfigureAwait(false)).Count == 1;

    /// <summary>Gives the item back to the front of the queue, unless it was acknowledged.</summary>
    /// <returns>Completes when it is back.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _settled, 1) == 0)
        {
            await _queue.CallAsync(new ObjectRequest { QueueReturn = new QueueReturn { Leases = { _lease } } }, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
