namespace Cluster.Node.Workers.Objects;

/// <summary>A connection of a worker, as far as watches are concerned.</summary>
/// <param name="write">Has what waits written, without waiting for it.</param>
/// <param name="giveUp">Ends the connection, without waiting for it, so that the worker comes back with another.</param>
internal sealed class WatchingWorker(Action write, Action giveUp)
{
    private bool _isFed;

    /// <summary>What is to be written to it.</summary>
    public ReplyQueue Replies { get; } = new();

    /// <summary>Its watches that the node feeds, by the numbers of their requests.</summary>
    public Dictionary<ulong, WorkerWatch> Watches { get; } = [];

    /// <summary>How many of them have been answered.</summary>
    public int Standing { get; set; }

    /// <summary>Whether it has such watches; for a look without the lock.</summary>
    public bool IsFed => Volatile.Read(ref _isFed);

    /// <summary>Its watches have changed.</summary>
    public void Count() => Volatile.Write(ref _isFed, Watches.Count > 0);

    /// <summary>Something waits to be written.</summary>
    public void Write() => write();

    /// <summary>It is too slow, or where its changes come from has broken.</summary>
    public void GiveUp() => giveUp();
}
