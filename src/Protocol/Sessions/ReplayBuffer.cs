namespace Cluster.Protocol.Sessions;

/// <summary>
/// What one side of a session has said and the other has not acknowledged, in order. When the connection breaks, the rest is said again on the next
/// one. Not safe for several threads.
/// </summary>
/// <typeparam name="T">The messages. They must not change any more.</typeparam>
public sealed class ReplayBuffer<T>
{
    private readonly Queue<(T Message, long Bytes)> _kept = new();

    /// <summary>The number of the last message that was acknowledged; 0 for none.</summary>
    public ulong Acknowledged { get; private set; }

    /// <summary>The number of the last message; 0 for none.</summary>
    public ulong Last => Acknowledged + (ulong)_kept.Count;

    /// <summary>Size of what is kept.</summary>
    public long Bytes { get; private set; }

    /// <summary>Keeps a message that goes out now, or with the next connection.</summary>
    /// <param name="message">The message.</param>
    /// <param name="bytes">Its size, for <see cref="Bytes"/>.</param>
    public void Add(T message, long bytes)
    {
        _kept.Enqueue((message, bytes));
        Bytes += bytes;
    }

    /// <summary>Forgets the messages up to a number. Acknowledgements may come twice.</summary>
    /// <returns>False: there is no such message; the other side speaks of another session.</returns>
    public bool TryAcknowledge(ulong number)
    {
        if (number > Last)
        {
            return false;
        }

        while (Acknowledged < number)
        {
            Bytes -= _kept.Dequeue().Bytes;
            Acknowledged++;
        }

        return true;
    }

    /// <summary>Takes up with a new connection: the messages after <paramref name="number"/> have to be said again.</summary>
    /// <returns>False: what came after that is not kept any more, or there is no such message.</returns>
    public bool TryRewind(ulong number, out IReadOnlyCollection<(T Message, long Bytes)> again)
    {
        again = _kept;
        return number >= Acknowledged && TryAcknowledge(number);
    }
}
