using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Cluster.Client.Objects.Exceptions;
using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Locks;
using Cluster.Client.Objects.Values;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>
/// A queue that all processes of a cluster share: <c>multiprocessing.Queue</c> and <c>JoinableQueue</c>. First in, first out; who waits is served in the order of
/// arrival. Items are written when they are put: what cannot travel fails there.
/// </summary>
/// <typeparam name="T">Items.</typeparam>
[SuppressMessage("Naming", "CA1711", Justification = "It is one.")]
[JsonConverter(typeof(SharedObjectConverter))]
public sealed class ClusterQueue<T> : ClusterObject
{
    internal ClusterQueue(ObjectHandle handle)
        : base(handle)
    {
    }

    /// <summary>Puts an item, waiting while the queue is full.</summary>
    /// <param name="item">The item.</param>
    /// <param name="timeout">How long to wait. Default (null): for ever.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Completes when it is in the queue.</returns>
    /// <exception cref="QueueFullException">There was no room in time.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down.</exception>
    public Task PutAsync(T item, TimeSpan? timeout = null, CancellationToken cancellationToken = default) => PutManyAsync([item], timeout, cancellationToken);

    /// <summary>Puts items next to each other, waiting while the queue is full; they go in one by one as room is made.</summary>
    /// <param name="items">The items.</param>
    /// <param name="timeout">How long to wait for room for all of them. Default (null): for ever.</param>
    /// <param name="cancellationToken">Cancels the wait; those that are in stay in.</param>
    /// <returns>Completes when all are in the queue.</returns>
    /// <exception cref="QueueFullException">There was no room for all of them in time; the message says how many are in.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down.</exception>
    public async Task PutManyAsync(IEnumerable<T> items, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        var put = new QueuePut();
        put.Values.AddRange(items.Select(ValueCodec<T>.Encode));
        if (put.Values.Count > 0)
        {
            await Handle.CallAsync(new ObjectRequest { QueuePut = put }.Within(timeout), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Puts an item if there is room: <c>put_nowait</c>.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there was.</returns>
    /// <exception cref="QueueShutDownException">The queue was shut down.</exception>
    public async Task<bool> TryPutAsync(T item, CancellationToken cancellationToken = default)
    {
        var request = new ObjectRequest { QueuePut = new QueuePut { Values = { ValueCodec<T>.Encode(item) } } }.Within(TimeSpan.Zero);
        var reply = await Handle.TryCallAsync(request, cancellationToken).ConfigureAwait(false);
        return reply.Error?.Code != ObjectErrorCode.Full && reply.OrThrow() is not null;
    }

    /// <summary>Takes an item, waiting while the queue is empty.</summary>
    /// <param name="timeout">How long to wait. Default (null): for ever.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The item.</returns>
    /// <exception cref="QueueEmptyException">There was none in time.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down, and is empty.</exception>
    public async Task<T> GetAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        (await GetManyAsync(1, timeout, cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Takes as many items as there are, waiting while there are none.</summary>
    /// <param name="max">At most so many.</param>
    /// <param name="timeout">How long to wait for the first. Default (null): for ever.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>At least one.</returns>
    /// <exception cref="QueueEmptyException">There was none in time.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down, and is empty.</exception>
    public async Task<IReadOnlyList<T>> GetManyAsync(int max, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        var request = new ObjectRequest { QueueGet = new QueueGet { Max = (uint)max } }.Within(timeout);
        var reply = await Handle.CallAsync(request, cancellationToken).ConfigureAwait(false);
        return [.. reply.QueueItems.Items.Select(static item => ValueCodec<T>.Decode(item.Value))];
    }

    /// <summary>Takes an item if there is one: <c>get_nowait</c>.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there was one, and it.</returns>
    /// <exception cref="QueueShutDownException">The queue was shut down, and is empty.</exception>
    public async Task<(bool Found, T Item)> TryGetAsync(CancellationToken cancellationToken = default)
    {
        var reply = await Handle.TryCallAsync(new ObjectRequest { QueueGet = new QueueGet() }.Within(TimeSpan.Zero), cancellationToken).ConfigureAwait(false);
        return reply.Error?.Code == ObjectErrorCode.Empty ? (false, default!) : (true, ValueCodec<T>.Decode(reply.OrThrow().QueueItems.Items[0].Value));
    }

    /// <summary>
    /// Takes an item on loan: unless it is acknowledged it goes back to the front of the queue, for another consumer, when the lease is disposed or this process ends.
    /// </summary>
    /// <param name="timeout">How long to wait. Default (null): for ever.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The lease, with the item.</returns>
    /// <exception cref="QueueEmptyException">There was none in time.</exception>
    /// <exception cref="QueueShutDownException">The queue was shut down, and is empty.</exception>
    public async Task<QueueLease<T>> LeaseAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var request = new ObjectRequest { QueueGet = new QueueGet { Leased = true } }.Within(timeout);
        var item = (await Handle.CallAsync(request, cancellationToken).ConfigureAwait(false)).QueueItems.Items[0];
        return new QueueLease<T>(Handle, ValueCodec<T>.Decode(item.Value), item);
    }

    /// <summary>How many items are in the queue: <c>qsize</c>.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The number.</returns>
    public async Task<long> CountAsync(CancellationToken cancellationToken = default) =>
        (long)(await Handle.CallAsync(new ObjectRequest { QueueStatus = new QueueStatus() }, cancellationToken).ConfigureAwait(false)).QueueState.Count;

    /// <summary>Says that an item that was taken is dealt with: <c>task_done</c>.</summary>
    /// <param name="count">How many are. Default: 1.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when it is noted.</returns>
    /// <exception cref="InvalidOperationException">More often than items were put.</exception>
    public Task TaskDoneAsync(int count = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Handle.CallAsync(new ObjectRequest { QueueTaskDone = new QueueTaskDone { Count = (uint)count } }, cancellationToken);
    }

    /// <summary>Waits until every item that was put is dealt with: <c>join</c>.</summary>
    /// <param name="timeout">How long. Default (null): for ever.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Whether that was so in time.</returns>
    public async Task<bool> JoinAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        (await Handle.CallAsync(new ObjectRequest { QueueJoin = new QueueJoin() }.Within(timeout), cancellationToken).ConfigureAwait(false)).Flag;

    /// <summary>Refuses all further items. What is in the queue can be taken; after that takers are refused too.</summary>
    /// <param name="immediate">Drop what is in the queue; it counts as dealt with.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when it is shut down.</returns>
    public Task ShutdownAsync(bool immediate = false, CancellationToken cancellationToken = default) =>
        Handle.CallAsync(new ObjectRequest { QueueShutdown = new QueueShutdown { Immediate = immediate } }, cancellationToken);

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"queue '{Name}'" : "an anonymous queue";
}
