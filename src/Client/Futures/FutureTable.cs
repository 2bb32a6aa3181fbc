namespace Cluster.Client.Futures;

/// <summary>
/// The unanswered futures of a stream by their index: pages of an array, so that a slow task among many fast ones keeps one page alive
/// rather than all that came after it. Pure; the caller serializes the calls.
/// </summary>
internal sealed class FutureTable<TFuture>
    where TFuture : class
{
    private const int PageSize = 256;

    private readonly Dictionary<long, Page> _pages = [];
    private Page? _newest;
    private long _next;

    /// <summary>Futures in the table.</summary>
    public long Count { get; private set; }

    /// <summary>Adds the future with the next index, counted from 0.</summary>
    public void Add(TFuture future)
    {
        var slot = (int)(_next % PageSize);
        if (slot == 0)
        {
            _newest = new Page();
            _pages.Add(_next / PageSize, _newest);
        }

        _newest!.Slots[slot] = future;
        _newest.Taken++;
        _next++;
        Count++;
    }

    /// <summary>Looks at a future.</summary>
    /// <returns>The future; null if it was taken already.</returns>
    public TFuture? Peek(long index) => _pages.TryGetValue(index / PageSize, out var page) ? page.Slots[index % PageSize] : null;

    /// <summary>Takes a future out.</summary>
    /// <returns>The future; null if it was taken already.</returns>
    public TFuture? Take(long index)
    {
        if (!_pages.TryGetValue(index / PageSize, out var page) || page.Slots[index % PageSize] is not { } future)
        {
            return null;
        }

        page.Slots[index % PageSize] = null;
        Count--;

        // A page that is still being filled is kept: the next index belongs to it.
        if (--page.Taken == 0 && (index / PageSize) + 1 <= _next / PageSize)
        {
            _pages.Remove(index / PageSize);
        }

        return future;
    }

    /// <summary>Takes all out.</summary>
    public IReadOnlyList<TFuture> TakeAll()
    {
        TFuture[] all = [.. _pages.OrderBy(page => page.Key).SelectMany(page => page.Value.Slots).OfType<TFuture>()];
        _pages.Clear();
        _newest = null;
        Count = 0;
        return all;
    }

    private sealed class Page
    {
        public TFuture?[] Slots { get; } = new TFuture?[PageSize];

        public int Taken { get; set; }
    }
}
