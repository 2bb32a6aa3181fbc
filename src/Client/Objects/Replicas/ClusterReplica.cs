using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Replicas;
using Cluster.Client.Objects.Watching;

namespace Cluster.Client;

/// <summary>
/// A copy of a shared dictionary in this process, which follows the original: reads are local memory reads, without a lock. At every moment it is the dictionary as it
/// was at one revision, so that changes of one revision become visible together, and one reader never sees the past after the present. Two reads may see
/// different revisions; <see cref="Snapshot"/>, and enumerating, see one.
/// <para>
/// Whatever was written through the client that opened the replica is in it when the call that wrote it returns. What others write follows shortly; see <see cref="SyncAsync"/>. While the coordinator
/// is out of reach the replica stays as it was, and catches up later. When it can be kept up to date no more (the dictionary was deleted; it is anonymous and
/// the session was lost; the client is disposed) reads throw what says so.
/// </para>
/// </summary>
/// <typeparam name="TKey">Keys.</typeparam>
/// <typeparam name="TValue">Values. All readers get the same ones: do not change them.</typeparam>
[SuppressMessage("Naming", "CA1710", Justification = "Named by what it does: it follows a dictionary.")]
public sealed class ClusterReplica<TKey, TValue> : IReadOnlyDictionary<TKey, TValue>, IAsyncDisposable
    where TKey : notnull
{
    private readonly ReplicaFollower _follower;

    // Null: it has ended.
    private volatile DictionarySnapshot<TKey, TValue>? _now = DictionarySnapshot<TKey, TValue>.Empty;

    private ClusterReplica(ObjectHandle handle) => _follower = new ReplicaFollower(handle, Apply, () => _now = null);

    /// <summary>Everything up to this revision is here, and nothing beyond. Grows, but for a coordinator that has lost its objects: then revisions begin anew.</summary>
    public long Revision => Now.Revision;

    /// <inheritdoc/>
    public int Count => Now.Count;

    /// <summary>The keys at one revision.</summary>
    public IEnumerable<TKey> Keys => Now.Keys;

    /// <summary>The values at one revision.</summary>
    public IEnumerable<TValue> Values => Now.Values;

    private DictionarySnapshot<TKey, TValue> Now => _now ?? throw Ended();

    /// <summary>The value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value.</returns>
    /// <exception cref="KeyNotFoundException">There is no such entry.</exception>
    /// <exception cref="ClusterException">What is there cannot be read as such a value, or the replica has ended.</exception>
    /// <exception cref="ObjectDisposedException">The replica or its client is disposed.</exception>
    public TValue this[TKey key] => Now[key];

    /// <summary>The dictionary as it is here now: reads from it agree with each other. Costs nothing.</summary>
    /// <returns>The snapshot. Stays readable when the replica has ended.</returns>
    public DictionarySnapshot<TKey, TValue> Snapshot() => Now;

    /// <inheritdoc/>
    public bool ContainsKey(TKey key) => Now.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => Now.TryGetValue(key, out value);

    /// <summary>The entries at one revision.</summary>
    /// <returns>The entries.</returns>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => Now.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Waits until the replica has everything that was written anywhere before the call: what is read then is as good as asking the coordinator.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Completes when the replica has it.</returns>
    /// <exception cref="ClusterException">The coordinator is out of reach, or the replica has ended.</exception>
    public async Task SyncAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            ThrowIfEnded();
            _follower.Retry();
            try
            {
                var (revision, incarnation) = await _follower.Handle.AskRevisionAsync(cancellationToken).ConfigureAwait(false);
                if (await _follower.ReachAsync(revision, incarnation, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }
            }
            catch (ObjectSessionLostException) when (_follower.Handle.OutlivesSession)
            {
                // Another session begins, and can be asked.
            }
        }
    }

    /// <summary>Waits until the replica has a revision, such as one that somebody has written and told of.</summary>
    /// <param name="revision">The revision. One that is yet to come is waited for until a change of this dictionary has it or a later one.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Completes when the replica has it.</returns>
    /// <exception cref="ClusterException">The coordinator is out of reach, or the replica has ended.</exception>
    public async Task WaitForAsync(long revision, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(revision);
        if (Revision >= revision)
        {
            return;
        }

        // It may be a revision of another object, which this one is not told of by itself.
        await SyncAsync(cancellationToken).ConfigureAwait(false);
        while (!await _follower.ReachAsync((ulong)revision, null, cancellationToken).ConfigureAwait(false))
        {
            ThrowIfEnded();
        }
    }

    /// <summary>Ends the replica: it is not kept up to date any more, and cannot be read.</summary>
    /// <returns>Completes at once.</returns>
    public ValueTask DisposeAsync()
    {
        _follower.Dispose();
        return ValueTask.CompletedTask;
    }

    internal static async Task<ClusterReplica<TKey, TValue>> OpenAsync(ObjectHandle handle, CancellationToken cancellationToken)
    {
        var replica = new ClusterReplica<TKey, TValue>(handle);
        try
        {
            // Before its first content it has no revision at all.
            while (!await replica._follower.ReachAsync(0, null, cancellationToken).ConfigureAwait(false))
            {
                replica.ThrowIfEnded();
            }

            return replica;
        }
        catch
        {
            replica._follower.Dispose();
            throw;
        }
    }

    private void Apply(FeedPortion portion)
    {
        if (_now is { } before)
        {
            Interlocked.CompareExchange(ref _now, before.After(portion), before);
        }
    }

    private void ThrowIfEnded()
    {
        if (_follower.Ended is not null)
        {
            throw Ended();
        }
    }

    private Exception Ended()
    {
        // With the stack of where it happened, as an awaited task does.
        ExceptionDispatchInfo.Throw(_follower.Ended!);
        return _follower.Ended;
    }
}
