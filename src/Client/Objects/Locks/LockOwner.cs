namespace Cluster.Client.Objects.Locks;

/// <summary>
/// Who within a client holds re-entrant locks. Python means the thread; here it is the asynchronous flow: whoever is called, or started, by the one that holds a lock
/// has it too. A flow that holds none is another owner each time, so that flows with a common origin exclude each other.
/// </summary>
internal sealed class LockOwner
{
    private static readonly AsyncLocal<LockOwner?> Flow = new();
    private static long _last;

    private readonly ulong _number = (ulong)Interlocked.Increment(ref _last);
    private int _held;

    /// <summary>The owner in this flow; 0: there is none.</summary>
    public static ulong Current => Flow.Value?._number ?? 0;

    /// <summary>Its number within the session.</summary>
    public ulong Number => _number;

    /// <summary>
    /// This flow is about to acquire. To be called before the first await of a public method that is not asynchronous itself: what an asynchronous method sets, its
    /// caller does not see.
    /// </summary>
    public static LockOwner Enter()
    {
        if (Flow.Value is not { } owner || Volatile.Read(ref owner._held) == 0)
        {
            Flow.Value = owner = new LockOwner();
        }

        Interlocked.Increment(ref owner._held);
        return owner;
    }

    /// <summary>It did not acquire, or has released.</summary>
    public void Leave() => Interlocked.Decrement(ref _held);

    /// <summary>The owner in this flow has released without its lease.</summary>
    public static void LeaveCurrent() => Flow.Value?.Leave();
}
