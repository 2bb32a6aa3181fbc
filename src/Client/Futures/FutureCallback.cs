namespace Cluster.Client.Futures;

/// <summary>Something to do once when a future is done; a node of the future's lock-free list of them.</summary>
internal abstract class FutureCallback
{
    /// <summary>In the list of a future that is done: nothing may be added any more.</summary>
    public static readonly FutureCallback Closed = new ClosedCallback();

    private volatile bool _isRemoved;

    public FutureCallback? Next { get; set; }

    /// <summary>Nobody waits for this any more: the list lets go of it when the next is added.</summary>
    public bool IsRemoved => _isRemoved;

    /// <summary>Whether this runs foreign code, which must not run on the loop that receives results.</summary>
    public abstract bool IsForeign { get; }

    public abstract void Invoke(ClusterFuture future);

    /// <summary>Takes this out of the list of its future. It may be invoked nevertheless, if that is happening now.</summary>
    public void Remove() => _isRemoved = true;

    /// <summary>The list comes as last in, first out; callbacks run in the order in which they were added.</summary>
    public static FutureCallback? Reverse(FutureCallback? last)
    {
        FutureCallback? first = null;
        while (last is not null)
        {
            var next = last.Next;
            last.Next = first;
            first = last;
            last = next;
        }

        return first;
    }

    private sealed class ClosedCallback : FutureCallback
    {
        public override bool IsForeign => false;

        public override void Invoke(ClusterFuture future)
        {
        }
    }
}
