using Cluster.Protocol.Batches;

namespace Cluster.Client.Jobs;

/// <summary>Takes items from a source that can only be walked, no further than the window allows, and queues them.</summary>
/// <param name="queue">Where the items go.</param>
/// <param name="flow">How far it may go.</param>
/// <param name="added">Called when there is something to send.</param>
/// <param name="failed">Told what the source threw, before the items are declared complete.</param>
internal sealed class SourcePump<T>(QueuedInputs<T> queue, JobFlow flow, Action added, Action<Exception> failed)
{
    // Room is asked for in steps, to spare a lock per item.
    private const int Step = 128;

    private int _room;

    /// <summary>Walks a source to its end or its failure, on a thread of the pool: its code may block.</summary>
    public Task RunAsync(IEnumerable<T> source, CancellationToken cancellationToken) =>
        GuardAsync(() => WalkAsync(source, cancellationToken), cancellationToken);

    /// <inheritdoc cref="RunAsync(IEnumerable{T}, CancellationToken)"/>
    public Task RunAsync(IAsyncEnumerable<T> source, CancellationToken cancellationToken) =>
        GuardAsync(() => WalkAsync(source, cancellationToken), cancellationToken);

    private async Task GuardAsync(Func<Task> walk, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await walk().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody is interested any more; the job is being cancelled.
        }
#pragma warning disable CA1031 // A source may throw anything; it is raised at its place.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failed(exception);
        }

        flow.Release(_room);
        queue.End();
        added();
    }

    private async Task WalkAsync(IEnumerable<T> source, CancellationToken cancellationToken)
    {
        using var items = source.GetEnumerator();
        while (await MayTakeAsync(cancellationToken).ConfigureAwait(false) && items.MoveNext())
        {
            Add(items.Current);
        }
    }

    private async Task WalkAsync(IAsyncEnumerable<T> source, CancellationToken cancellationToken)
    {
        var items = source.GetAsyncEnumerator(cancellationToken);
        await using var disposal = items.ConfigureAwait(false);
        while (await MayTakeAsync(cancellationToken).ConfigureAwait(false) && await items.MoveNextAsync().ConfigureAwait(false))
        {
            Add(items.Current);
        }
    }

    // False when the call is over: not another item is taken then, however much room there is.
    private ValueTask<bool> MayTakeAsync(CancellationToken cancellationToken) =>
        HasRoom() ? ValueTask.FromResult(!cancellationToken.IsCancellationRequested) : WaitForRoomAsync(cancellationToken);

    // The window counts items until they are sent; what they weigh meanwhile is bounded here.
    private bool HasRoom()
    {
        if (queue.IsFull)
        {
            return false;
        }

        if (_room == 0)
        {
            _room = flow.Reserve(Step);
        }

        return _room > 0;
    }

    private async ValueTask<bool> WaitForRoomAsync(CancellationToken cancellationToken)
    {
        // The writer looks at what was added after it has taken; so what it took must be looked at after adding.
        Interlocked.MemoryBarrier();
        while (!HasRoom())
        {
            await flow.RoomChanged.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return !cancellationToken.IsCancellationRequested;
    }

    private void Add(T item)
    {
        try
        {
            queue.Add(item);
        }
        catch (ItemEncodeException exception)
        {
            throw new ClusterException(exception.Message, isTransient: false, exception.InnerException);
        }

        _room--;
        added();
    }
}
