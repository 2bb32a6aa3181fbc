namespace Cluster.Protocol.Sessions;

/// <summary>
/// Lets one worker at a time do what there is to do, and has it look again when it was woken meanwhile. A field, never copied: <c>if (_wakes.Add()) Drain();</c>, and in
/// Drain <c>do { seen = _wakes.Seen; … } while (_wakes.HasMore(seen));</c>
/// </summary>
public struct Wakes
{
    private int _count;

    /// <summary>How often the worker was woken so far. To be read before it looks for something to do.</summary>
    public readonly int Seen => Volatile.Read(in _count);

    /// <summary>There may be something to do.</summary>
    /// <returns>Whether nobody is at work: the caller sees to it that somebody is.</returns>
    public bool Add() => Interlocked.Increment(ref _count) == 1;

    /// <summary>There may be something to do that somebody else was woken for, and has not begun.</summary>
    /// <returns>Whether nobody is at work: the caller is, then.</returns>
    public bool TryBegin() => Interlocked.CompareExchange(ref _count, 1, 0) == 0;

    /// <summary>The worker has looked.</summary>
    /// <param name="seen">What <see cref="Seen"/> was before.</param>
    /// <returns>Whether it was woken since, and has to look again; otherwise it is at work no more.</returns>
    public bool HasMore(int seen) => Interlocked.Add(ref _count, -seen) != 0;
}
