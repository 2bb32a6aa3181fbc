using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Values;
using Cluster.Client.Objects.Watching;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Client;

/// <summary>
/// A dictionary that all processes of a cluster share: <c>multiprocessing.Manager().dict()</c>. Values are copies: changing one that was fetched changes
/// nothing in the dictionary; see <see cref="UpdateAsync"/>. Every change has a revision, and every entry the revision that wrote it as its version.
/// </summary>
/// <typeparam name="TKey">Keys. Two are the same if they are written the same.</typeparam>
/// <typeparam name="TValue">Values.</typeparam>
[SuppressMessage("Naming", "CA1711", Justification = "It is one.")]
[JsonConverter(typeof(SharedObjectConverter))]
public sealed class ClusterDictionary<TKey, TValue> : ClusterObject
    where TKey : notnull
{
    internal ClusterDictionary(ObjectHandle handle)
        : base(handle)
    {
    }

    /// <summary>Fetches a value.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The value.</returns>
    /// <exception cref="KeyNotFoundException">There is no such entry.</exception>
    public async Task<TValue> GetAsync(TKey key, CancellationToken cancellationToken = default)
    {
        var (found, value) = await TryGetAsync(key, cancellationToken).ConfigureAwait(false);
        return found ? value : throw Missing(key);
    }

    /// <summary>Fetches a value, if there is one.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there is one, and it.</returns>
    public async Task<(bool Found, TValue Value)> TryGetAsync(TKey key, CancellationToken cancellationToken = default)
    {
        var entry = await GetEntryAsync(key, cancellationToken).ConfigureAwait(false);
        return (entry.Version != 0, entry.Value);
    }

    /// <summary>Fetches a value with its version.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The value and its version; version 0: there is no such entry.</returns>
    public async Task<(TValue Value, long Version)> GetEntryAsync(TKey key, CancellationToken cancellationToken = default)
    {
        var reply = await CallAsync(new ObjectRequest { DictGet = new DictGet { Key = Key(key) } }, cancellationToken).ConfigureAwait(false);
        return (Value(reply.DictEntry), (long)reply.DictEntry.Version);
    }

    /// <summary>Sets an entry.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">Its value.</param>
    /// <param name="options">Its time to live, and what has to be true; null: none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The revision of the change, which is the entry's version.</returns>
    /// <exception cref="StaleFenceException">The lock that the options name is not held any more.</exception>
    public async Task<long> SetAsync(TKey key, TValue value, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        (long)(await WriteAsync(new ObjectRequest { DictSet = new DictSet { Key = Key(key), Value = Encode(value), TimeToLive = TimeToLive(options) } }, options, cancellationToken).ConfigureAwait(false)).Revision;

    /// <summary>Sets many entries at one revision: whoever sees one of them sees all.</summary>
    /// <param name="entries">The entries. Of two with one key the later counts.</param>
    /// <param name="options">Their time to live, and what has to be true; null: none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The revision.</returns>
    public async Task<long> SetManyAsync(IEnumerable<KeyValuePair<TKey, TValue>> entries, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var set = new DictSetMany { TimeToLive = TimeToLive(options) };
        set.Entries.AddRange(entries.Select(static entry => new DictEntry { Key = Key(entry.Key), Value = Encode(entry.Value) }));
        return (long)(await WriteAsync(new ObjectRequest { DictSetMany = set }, options, cancellationToken).ConfigureAwait(false)).Revision;
    }

    /// <summary>Sets an entry unless there is one.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">Its value.</param>
    /// <param name="options">Its time to live, and what has to be true; null: none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it was set.</returns>
    public async Task<bool> TryAddAsync(TKey key, TValue value, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        (await WriteAsync(new ObjectRequest { DictTryAdd = new DictTryAdd { Key = Key(key), Value = Encode(value), TimeToLive = TimeToLive(options) } }, options, cancellationToken).ConfigureAwait(false)).Flag;

    /// <summary>Fetches a value, and sets it first if there is none. (Python's <c>setdefault</c>.)</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">What to set.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The value that is there then.</returns>
    public async Task<TValue> GetOrAddAsync(TKey key, TValue value, CancellationToken cancellationToken = default)
    {
        var reply = await Handle.ChangeAsync(new ObjectRequest { DictGetOrAdd = new DictGetOrAdd { Key = Key(key), Value = Encode(value) } }, cancellationToken).ConfigureAwait(false);
        return Value(reply.DictGetOrAdd.Entry);
    }

    /// <summary>Sets an entry if it has a version.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="version">The version that it must have; 0: there must be none.</param>
    /// <param name="value">Its value.</param>
    /// <param name="options">Its time to live, and what else has to be true; null: none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it was set, and the version that the entry has now.</returns>
    public async Task<(bool Done, long Version)> CompareAndSetAsync(TKey key, long version, TValue value, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        var compare = new DictCompareAndSet { Key = Key(key), Version = (ulong)version, Value = Encode(value), TimeToLive = TimeToLive(options) };
        var reply = await WriteAsync(new ObjectRequest { DictCompareAndSet = compare }, options, cancellationToken).ConfigureAwait(false);
        return reply.DictCompareAndSet.Done ? (true, (long)reply.Revision) : (false, (long)(reply.DictCompareAndSet.Current?.Version ?? 0));
    }

    /// <summary>
    /// Replaces a value by what a function makes of it, such that no other change comes between: <c>d[key] = f(d[key])</c>, which is not atomic in Python. The
    /// function runs here, and again when another change was faster.
    /// </summary>
    /// <param name="key">Its key.</param>
    /// <param name="update">From the old value to the new one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The new value.</returns>
    /// <exception cref="KeyNotFoundException">There is no such entry; see <see cref="AddOrUpdateAsync"/>.</exception>
    public Task<TValue> UpdateAsync(TKey key, Func<TValue, TValue> update, CancellationToken cancellationToken = default) =>
        ChangeAsync(key, () => throw Missing(key), update, cancellationToken);

    /// <summary>The same, and adds the entry if there is none.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">What to add.</param>
    /// <param name="update">From the old value to the new one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The new value.</returns>
    public Task<TValue> AddOrUpdateAsync(TKey key, TValue value, Func<TValue, TValue> update, CancellationToken cancellationToken = default) =>
        ChangeAsync(key, () => value, update, cancellationToken);

    /// <summary>Adds to a number, in one step.</summary>
    /// <param name="key">Its key. An entry that is not there is 0.</param>
    /// <param name="by">What to add. Default: 1.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The sum.</returns>
    /// <exception cref="ClusterObjectException">What is there is no number.</exception>
    /// <exception cref="OverflowException">The sum does not fit 64 bits.</exception>
    public async Task<long> IncrementAsync(TKey key, long by = 1, CancellationToken cancellationToken = default)
    {
        var reply = await Handle.ChangeAsync(new ObjectRequest { DictIncrement = new DictIncrement { Key = Key(key), Integer = by } }, cancellationToken).ConfigureAwait(false);
        return ValueCodec<long>.Decode(reply.Value);
    }

    /// <summary>Removes an entry.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="options">What has to be true; null: nothing.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RemoveAsync(TKey key, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        (await WriteAsync(new ObjectRequest { DictRemove = new DictRemove { Key = Key(key) } }, options, cancellationToken).ConfigureAwait(false)).Flag;

    /// <summary>Removes an entry and fetches its value, in one step.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The value.</returns>
    /// <exception cref="KeyNotFoundException">There is no such entry.</exception>
    public async Task<TValue> PopAsync(TKey key, CancellationToken cancellationToken = default)
    {
        var reply = await Handle.ChangeAsync(new ObjectRequest { DictPop = new DictPop { Key = Key(key) } }, cancellationToken).ConfigureAwait(false);
        return reply.DictEntry.Version != 0 ? Value(reply.DictEntry) : throw Missing(key);
    }

    /// <summary>Removes the entry that was added last, and fetches it.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="KeyNotFoundException">The dictionary is empty.</exception>
    public async Task<KeyValuePair<TKey, TValue>> PopItemAsync(CancellationToken cancellationToken = default)
    {
        var entry = (await Handle.ChangeAsync(new ObjectRequest { DictPopItem = new DictPopItem() }, cancellationToken).ConfigureAwait(false)).DictEntry;
        return entry.Version != 0 ? Entry(entry) : throw new KeyNotFoundException($"{this} is empty.");
    }

    /// <summary>How many entries there are.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The number.</returns>
    public async Task<long> CountAsync(CancellationToken cancellationToken = default) =>
        (long)(await CallAsync(new ObjectRequest { DictCount = new DictCount() }, cancellationToken).ConfigureAwait(false)).Count;

    /// <summary>Whether there is an entry.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there is.</returns>
    public async Task<bool> ContainsKeyAsync(TKey key, CancellationToken cancellationToken = default) =>
        (await CallAsync(new ObjectRequest { DictContains = new DictContains { Key = Key(key) } }, cancellationToken).ConfigureAwait(false)).Flag;

    /// <summary>All keys, as they are at one revision, in the order in which they were added.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The keys.</returns>
    public async Task<IReadOnlyList<TKey>> KeysAsync(CancellationToken cancellationToken = default) =>
        [.. (await ReadAllAsync(keysOnly: true, cancellationToken).ConfigureAwait(false)).Select(static entry => KeyCodec<TKey>.Decode(entry.Key))];

    /// <summary>All entries, as they are at one revision, in the order in which they were added.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The entries: copies.</returns>
    public async Task<IReadOnlyList<KeyValuePair<TKey, TValue>>> ItemsAsync(CancellationToken cancellationToken = default) =>
        [.. (await ReadAllAsync(keysOnly: false, cancellationToken).ConfigureAwait(false)).Select(Entry)];

    /// <summary>Removes all entries.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many there were.</returns>
    public async Task<long> ClearAsync(CancellationToken cancellationToken = default) =>
        (long)(await Handle.ChangeAsync(new ObjectRequest { DictClear = new DictClear() }, cancellationToken).ConfigureAwait(false)).Count;

    /// <summary>
    /// Tells of all changes, in the order of their revisions, without gaps and repetitions, also over broken connections. The watch begins with the first
    /// <see cref="IAsyncEnumerator{T}.MoveNextAsync"/>, before that returns, and ends with the enumeration.
    /// <para>
    /// Where the changes since <paramref name="fromRevision"/> are not known any more (the coordinator keeps the latest 16,384, and 4 MiB), there is one change of the kind
    /// <see cref="DictionaryChangeKind.Snapshot"/> with the whole content in their place, and the changes since. The same happens later to a reader that is too slow, for whom
    /// at most 4,096 changes and 1 MiB are held, and to all when the coordinator has lost its objects.
    /// </para>
    /// </summary>
    /// <param name="fromRevision">The first revision of interest: one more than the last that is known. Default: 0, from now on.</param>
    /// <param name="snapshot">Begin with the whole content; <paramref name="fromRevision"/> does not count. Default: false.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>The changes, without an end.</returns>
    /// <exception cref="ObjectDeletedException">Later: the dictionary was deleted.</exception>
    /// <exception cref="ObjectSessionLostException">Later: the session was lost, and with it a dictionary that has no name. Those with names are watched on.</exception>
    public IAsyncEnumerable<DictionaryChange<TKey, TValue>> WatchAsync(long fromRevision = 0, bool snapshot = false, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromRevision);
        return DictionaryWatch<TKey, TValue>.ReadAsync(Handle, (ulong)fromRevision, snapshot, cancellationToken);
    }

    /// <summary>Opens a copy of the dictionary in this process, which follows it: reads are local memory reads.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The replica, with the whole content. Dispose it to end it.</returns>
    public Task<ClusterReplica<TKey, TValue>> OpenReplicaAsync(CancellationToken cancellationToken = default) => ClusterReplica<TKey, TValue>.OpenAsync(Handle, cancellationToken);

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"dictionary '{Name}'" : "an anonymous dictionary";

    private static Payload Key(TKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return KeyCodec<TKey>.Encode(key);
    }

    private static Payload Encode(TValue value) => ValueCodec<TValue>.Encode(value);

    private static TValue Value(DictEntry entry) => entry.Value is null ? default! : ValueCodec<TValue>.Decode(entry.Value);

    private static KeyValuePair<TKey, TValue> Entry(DictEntry entry) => new(KeyCodec<TKey>.Decode(entry.Key), Value(entry));

    private static Duration? TimeToLive(WriteOptions? options) => options?.TimeToLive?.ToDuration();

    private async Task<ObjectReply> WriteAsync(ObjectRequest request, WriteOptions? options, CancellationToken cancellationToken)
    {
        if (options?.Fence is { } lease)
        {
            request.Fence = await lease.ToFenceAsync(cancellationToken).ConfigureAwait(false);
        }

        return await Handle.ChangeAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private KeyNotFoundException Missing(TKey key) => new($"{this} has no entry '{key}'.");

    private Task<ObjectReply> CallAsync(ObjectRequest request, CancellationToken cancellationToken) => Handle.CallAsync(request, cancellationToken);

    private async Task<IEnumerable<DictEntry>> ReadAllAsync(bool keysOnly, CancellationToken cancellationToken)
    {
        var request = new ObjectRequest { DictItems = new DictItems { KeysOnly = keysOnly } };
        var pages = await Handle.CallAsync(request, static reply => reply.DictEntries.More, cancellationToken).ConfigureAwait(false);
        return pages.SelectMany(static page => page.DictEntries.Entries);
    }

    private async Task<TValue> ChangeAsync(TKey key, Func<TValue> add, Func<TValue, TValue> update, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(update);
        while (true)
        {
            var (old, version) = await GetEntryAsync(key, cancellationToken).ConfigureAwait(false);
            var changed = version == 0 ? add() : update(old);
            if ((await CompareAndSetAsync(key, version, changed, null, cancellationToken).ConfigureAwait(false)).Done)
            {
                return changed;
            }
        }
    }
}
