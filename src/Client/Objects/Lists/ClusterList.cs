using System.Text.Json.Serialization;
using Cluster.Client.Objects.Exceptions;
using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Lists;
using Cluster.Client.Objects.Values;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>
/// A list that all processes of a cluster share: <c>multiprocessing.Manager().list()</c>. Values are copies. An index below 0 counts from the end: -1 is the last.
/// </summary>
/// <typeparam name="T">Values.</typeparam>
[JsonConverter(typeof(SharedObjectConverter))]
public sealed class ClusterList<T> : ClusterObject
{
    internal ClusterList(ObjectHandle handle)
        : base(handle)
    {
    }

    /// <summary>Adds a value at the end.</summary>
    /// <param name="value">The value.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How long the list is then.</returns>
    public Task<long> AppendAsync(T value, CancellationToken cancellationToken = default) => ExtendAsync([value], cancellationToken);

    /// <summary>Adds values at the end, next to each other: <c>extend</c>, <c>+=</c>.</summary>
    /// <param name="values">The values.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How long the list is then.</returns>
    public async Task<long> ExtendAsync(IEnumerable<T> values, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var append = new ListAppend();
        append.Values.AddRange(values.Select(ValueCodec<T>.Encode));
        return (long)(await Handle.CallAsync(new ObjectRequest { ListAppend = append }, cancellationToken).ConfigureAwait(false)).Count;
    }

    /// <summary>Puts a value before the one at an index; an index beyond the ends is the end.</summary>
    /// <param name="index">The index.</param>
    /// <param name="value">The value.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How long the list is then.</returns>
    public async Task<long> InsertAsync(long index, T value, CancellationToken cancellationToken = default) =>
        (long)(await Handle.CallAsync(new ObjectRequest { ListInsert = new ListInsert { Index = index, Value = ValueCodec<T>.Encode(value) } }, cancellationToken).ConfigureAwait(false)).Count;

    /// <summary>Removes a value and fetches it, in one step.</summary>
    /// <param name="index">Its index. Default (null): the last.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public async Task<T> PopAsync(long? index = null, CancellationToken cancellationToken = default)
    {
        var pop = new ListPop();
        if (index is { } at)
        {
            pop.Index = at;
        }

        return ValueCodec<T>.Decode((await Handle.CallAsync(new ObjectRequest { ListPop = pop }, cancellationToken).ConfigureAwait(false)).Value);
    }

    /// <summary>Removes the first value that is equal.</summary>
    /// <param name="value">To which.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RemoveAsync(T value, CancellationToken cancellationToken = default) =>
        (await Handle.CallAsync(new ObjectRequest { ListRemove = new ListRemove { Value = ValueCodec<T>.Encode(value) } }, cancellationToken).ConfigureAwait(false)).Flag;

    /// <summary>Fetches a value.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public async Task<T> GetAsync(long index, CancellationToken cancellationToken = default) =>
        ValueCodec<T>.Decode((await Handle.CallAsync(new ObjectRequest { ListGet = new ListGet { Index = index } }, cancellationToken).ConfigureAwait(false)).Value);

    /// <summary>Replaces a value.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="value">The new one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when it is replaced.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public Task SetAsync(long index, T value, CancellationToken cancellationToken = default) =>
        Handle.CallAsync(new ObjectRequest { ListSet = new ListSet { Index = index, Value = ValueCodec<T>.Encode(value) } }, cancellationToken);

    /// <summary>Fetches a part of the list, as it is at one revision: <c>list[start:stop]</c>.</summary>
    /// <param name="start">From this index on.</param>
    /// <param name="stop">Up to, not including, this one. Default (null): the end.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The values.</returns>
    public async Task<T[]> SliceAsync(long start, long? stop = null, CancellationToken cancellationToken = default) =>
        (await ReadAsync(start, stop, cancellationToken).ConfigureAwait(false)).Values;

    /// <summary>Where a value is first.</summary>
    /// <param name="value">Which.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Its index; -1: it is not there.</returns>
    public async Task<long> IndexOfAsync(T value, CancellationToken cancellationToken = default) =>
        (await Handle.CallAsync(new ObjectRequest { ListIndexOf = new ListIndexOf { Value = ValueCodec<T>.Encode(value) } }, cancellationToken).ConfigureAwait(false)).Index;

    /// <summary>Whether a value is there.</summary>
    /// <param name="value">Which.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it is.</returns>
    public async Task<bool> ContainsAsync(T value, CancellationToken cancellationToken = default) => await IndexOfAsync(value, cancellationToken).ConfigureAwait(false) >= 0;

    /// <summary>How long the list is.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The number of values.</returns>
    public async Task<long> CountAsync(CancellationToken cancellationToken = default) =>
        (long)(await Handle.CallAsync(new ObjectRequest { ListCount = new ListCount() }, cancellationToken).ConfigureAwait(false)).Count;

    /// <summary>How often a value is there: Python's <c>count</c>.</summary>
    /// <param name="value">Which.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How often.</returns>
    public async Task<long> CountAsync(T value, CancellationToken cancellationToken = default) =>
        (long)(await Handle.CallAsync(new ObjectRequest { ListCount = new ListCount { Value = ValueCodec<T>.Encode(value) } }, cancellationToken).ConfigureAwait(false)).Count;

    /// <summary>Sorts the list, such that no change gets lost that comes meanwhile. The values are compared here: the coordinator does not know them.</summary>
    /// <param name="comparer">How to compare. Default (null): as the values do, and text by code points, as Python does and in every culture alike; tuples by their parts.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when it is sorted.</returns>
    public async Task SortAsync(IComparer<T>? comparer = null, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var (values, version) = await ReadAsync(0, null, cancellationToken).ConfigureAwait(false);
            var replace = new ListReplace { Version = version };
            replace.Values.AddRange(values.Order(comparer ?? NaturalOrder<T>.Comparer).Select(ValueCodec<T>.Encode));
            var reply = await Handle.TryCallAsync(new ObjectRequest { ListReplace = replace }, cancellationToken).ConfigureAwait(false);
            if (reply.Error?.Code != ObjectErrorCode.Changed)
            {
                reply.OrThrow();
                return;
            }
        }
    }

    /// <summary>Reverses the list.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when it is reversed.</returns>
    public Task ReverseAsync(CancellationToken cancellationToken = default) => Handle.CallAsync(new ObjectRequest { ListReverse = new ListReverse() }, cancellationToken);

    /// <summary>Fetches all values, as they are at one revision.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The values.</returns>
    public Task<T[]> ToArrayAsync(CancellationToken cancellationToken = default) => SliceAsync(0, null, cancellationToken);

    /// <summary>Removes all values.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many there were.</returns>
    public async Task<long> ClearAsync(CancellationToken cancellationToken = default) =>
        (long)(await Handle.CallAsync(new ObjectRequest { ListClear = new ListClear() }, cancellationToken).ConfigureAwait(false)).Count;

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"list '{Name}'" : "an anonymous list";

    private async Task<(T[] Values, ulong Version)> ReadAsync(long start, long? stop, CancellationToken cancellationToken)
    {
        var slice = new ListSlice { Start = start };
        if (stop is { } end)
        {
            slice.Stop = end;
        }

        var pages = await Handle.CallAsync(new ObjectRequest { ListSlice = slice }, static reply => reply.ListValues.More, cancellationToken).ConfigureAwait(false);
        return ([.. pages.SelectMany(static page => page.ListValues.Values).Select(ValueCodec<T>.Decode)], pages[^1].ListValues.Version);
    }
}
