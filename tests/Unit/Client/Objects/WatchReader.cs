using Cluster.Client;
using Cluster.TestKit;
using Xunit;

namespace Cluster.Unit.Client.Objects;

/// <summary>Reads a watch, change by change.</summary>
internal sealed class WatchReader<TKey, TValue>(IAsyncEnumerable<DictionaryChange<TKey, TValue>> changes) : IAsyncDisposable
    where TKey : notnull
{
    private readonly IAsyncEnumerator<DictionaryChange<TKey, TValue>> _changes = changes.GetAsyncEnumerator(TestContext.Current.CancellationToken);
    private Task<bool>? _next;

    /// <summary>Begins to wait for the next change.</summary>
    public WatchReader<TKey, TValue> Begin()
    {
        _next ??= _changes.MoveNextAsync().AsTask();
        return this;
    }

    public async Task<DictionaryChange<TKey, TValue>> NextAsync()
    {
        Begin();
        var next = _next!;
        _next = null;
        Assert.True(await next.Within());
        return _changes.Current;
    }

    public async Task<List<DictionaryChange<TKey, TValue>>> NextAsync(int count)
    {
        List<DictionaryChange<TKey, TValue>> changes = [];
        while (changes.Count < count)
        {
            changes.Add(await NextAsync());
        }

        return changes;
    }

    public ValueTask DisposeAsync() => _changes.DisposeAsync();
}
