using System.Diagnostics.CodeAnalysis;

namespace Cluster.Coordinator.Objects.Queues;

/// <summary>A queue that takes items back at its front.</summary>
internal sealed class Deque<T>
{
    private T[] _ring = new T[4];
    private int _first;

    public int Count { get; private set; }

    /// <summary>From the front to the end.</summary>
    public IEnumerable<T> Items => Enumerable.Range(0, Count).Select(i => _ring[(_first + i) & (_ring.Length - 1)]);

    public void Add(T item)
    {
        Grow();
        _ring[(_first + Count++) & (_ring.Length - 1)] = item;
    }

    public void AddFirst(T item)
    {
        Grow();
        _first = (_first - 1) & (_ring.Length - 1);
        _ring[_first] = item;
        Count++;
    }

    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        if (Count == 0)
        {
            item = default;
            return false;
        }

        item = _ring[_first];
        _ring[_first] = default!;
        _first = (_first + 1) & (_ring.Length - 1);
        Count--;
        return true;
    }

    public void Clear()
    {
        Array.Clear(_ring);
        _first = 0;
        Count = 0;
    }

    private void Grow()
    {
        if (Count == _ring.Length)
        {
            var larger = new T[2 * Count];
            _ring.AsSpan(_first).CopyTo(larger);
            _ring.AsSpan(0, _first).CopyTo(larger.AsSpan(Count - _first));
            _ring = larger;
            _first = 0;
        }
    }
}
