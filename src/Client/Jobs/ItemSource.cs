namespace Cluster.Client.Jobs;

/// <summary>A source of items of either kind.</summary>
internal sealed class ItemSource<T>
{
    private readonly IEnumerable<T>? _items;
    private readonly IAsyncEnumerable<T>? _asyncItems;

    public ItemSource(IEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items, "source");
        _items = items;
        Count = items.TryGetNonEnumeratedCount(out var count) ? count : null;
    }

    public ItemSource(IAsyncEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items, "source");
        _asyncItems = items;
    }

    /// <summary>How many items there are, where that is known without walking.</summary>
    public int? Count { get; }

    /// <summary>The items, where they lie in memory or are computed by the framework: reading them runs no code of the user's.</summary>
    public IReadOnlyList<T>? InMemory => _items switch
    {
        T[] array => array,
        List<T> list => list,
        IReadOnlyList<T> list when list.GetType().Assembly == typeof(Enumerable).Assembly && typeof(T) == typeof(int) => list,
        _ => null,
    };

    public Task WalkAsync(SourcePump<T> pump, CancellationToken cancellationToken) =>
        _items is not null ? pump.RunAsync(_items, cancellationToken) : pump.RunAsync(_asyncItems!, cancellationToken);
}
