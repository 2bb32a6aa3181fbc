using System.Diagnostics.CodeAnalysis;

namespace Cluster.Client.Jobs;

/// <summary>Puts answers back into the order of the input. Pure; the caller serializes the calls.</summary>
/// <typeparam name="TEntry">What answers consecutive items.</typeparam>
internal sealed class ReorderBuffer<TEntry>
{
    // Answers never overlap, so the next one in order begins exactly where the last one ended.
    private readonly Dictionary<long, (TEntry Entry, long Count)> _waiting = [];
    private long _next;

    /// <summary>Whether the answer to the next item in order is here.</summary>
    public bool IsReady => _waiting.ContainsKey(_next);

    /// <summary>Puts the answer to items [<paramref name="first"/>, <paramref name="first"/> + <paramref name="count"/>) in its place.</summary>
    /// <returns>False if an answer that begins there is here or was taken already.</returns>
    public bool Add(long first, long count, TEntry entry) => first >= _next && _waiting.TryAdd(first, (entry, count));

    /// <summary>Lets go of all answers.</summary>
    public void Clear() => _waiting.Clear();

    /// <summary>Takes the answer to the next items in order.</summary>
    public bool TryTake([MaybeNullWhen(false)] out TEntry entry)
    {
        if (!_waiting.Remove(_next, out var next))
        {
            entry = default;
            return false;
        }

        _next += next.Count;
        entry = next.Entry;
        return true;
    }
}
