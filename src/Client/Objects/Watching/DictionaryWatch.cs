using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Values;
using Cluster.Protocol.V1;

namespace Cluster.Client.Objects.Watching;

/// <summary>A dictionary's changes as their reader sees them. Keys and values are read when it is their turn, on the reader's time.</summary>
internal static class DictionaryWatch<TKey, TValue>
    where TKey : notnull
{
    public static async IAsyncEnumerable<DictionaryChange<TKey, TValue>> ReadAsync(
        ObjectHandle handle, ulong from, bool snapshot, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A signal that is there already needs no second.
        var signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
        using var feed = new ChangeFeed(handle, from, snapshot, () => signals.Writer.TryWrite(true));
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (feed.Take() is { } portion)
            {
                foreach (var change in Changes(portion))
                {
                    yield return change;
                }
            }
            else if (feed.Failure is { } failure)
            {
                throw failure;
            }
            else
            {
                await signals.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static IEnumerable<DictionaryChange<TKey, TValue>> Changes(FeedPortion portion)
    {
        if (portion.IsContent)
        {
            var content = portion.Changes.Select(static change => KeyValuePair.Create(KeyCodec<TKey>.Decode(change.Key), Value(change))).ToArray();
            yield return new(DictionaryChangeKind.Snapshot, (long)portion.Revision) { Content = content };
            yield break;
        }

        for (var i = 0; i < portion.Changes.Count; i++)
        {
            var change = portion.Changes[i];
            var isLast = i + 1 == portion.Changes.Count || portion.Changes[i + 1].Revision != change.Revision;
            yield return new(Kind(change), (long)change.Revision)
            {
                Key = change.Key is null ? default! : KeyCodec<TKey>.Decode(change.Key),
                Value = Value(change),
                IsLastOfRevision = isLast,
            };
        }
    }

    private static TValue Value(DictChange change) => change.Value is null ? default! : ValueCodec<TValue>.Decode(change.Value);

    private static DictionaryChangeKind Kind(DictChange change) => change.Kind switch
    {
        DictChangeKind.Set => DictionaryChangeKind.Set,
        DictChangeKind.Removed => DictionaryChangeKind.Removed,
        DictChangeKind.Expired => DictionaryChangeKind.Expired,
        DictChangeKind.Cleared => DictionaryChangeKind.Cleared,
        _ => throw new ClusterException($"The coordinator tells of a change of the kind {change.Kind}, which this client does not know. Update it.", isTransient: false),
    };
}
