using System.Text.Json.Serialization;
using Cluster.Client.Objects.Cells;
using Cluster.Client.Objects.Handles;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>An array of fixed length that all processes of a cluster share: <c>multiprocessing.Array</c>. An index below 0 counts from the end.</summary>
/// <typeparam name="T">Elements. Only numbers can be added to.</typeparam>
[JsonConverter(typeof(SharedObjectConverter))]
public sealed class ClusterArray<T> : ClusterObject
{
    internal ClusterArray(ObjectHandle handle)
        : base(handle)
    {
    }

    /// <summary>Fetches an element.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The element.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public async Task<T> GetAsync(long index, CancellationToken cancellationToken = default) =>
        CellCodec<T>.Decode((await Handle.CallAsync(new ObjectRequest { CellGet = new CellGet { Index = index } }, cancellationToken).ConfigureAwait(false)).Value);

    /// <summary>Replaces an element.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="value">The new one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when it is replaced.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public Task SetAsync(long index, T value, CancellationToken cancellationToken = default) =>
        Handle.CallAsync(new ObjectRequest { CellSet = new CellSet { Index = index, Value = CellCodec<T>.Encode(value) } }, cancellationToken);

    /// <summary>Adds to an element, in one step. Integers wrap around, as in C# where nothing is checked.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="by">What to add.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The sum.</returns>
    /// <exception cref="ClusterObjectException">Elements are no numbers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public async Task<T> AddAsync(long index, T by, CancellationToken cancellationToken = default) =>
        CellCodec<T>.Decode((await Handle.CallAsync(new ObjectRequest { CellAdd = new CellAdd { Index = index, By = CellCodec<T>.Encode(by) } }, cancellationToken).ConfigureAwait(false)).Value);

    /// <summary>Fetches a part of the array, as it is at one revision: <c>array[start:stop]</c>.</summary>
    /// <param name="start">From this index on.</param>
    /// <param name="stop">Up to, not including, this one. Default (null): the end.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The elements.</returns>
    public async Task<T[]> SliceAsync(long start, long? stop = null, CancellationToken cancellationToken = default)
    {
        var slice = new CellSlice { Start = start };
        if (stop is { } end)
        {
            slice.Stop = end;
        }

        var pages = await Handle.CallAsync(new ObjectRequest { CellSlice = slice }, static reply => reply.CellValues.More, cancellationToken).ConfigureAwait(false);
        return [.. CellCodec<T>.DecodeMany(pages.SelectMany(static page => page.CellValues.Values))];
    }

    /// <summary>Replaces elements next to each other, in one step.</summary>
    /// <param name="start">From this index on.</param>
    /// <param name="values">The new ones.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when they are replaced.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public Task SetSliceAsync(long start, IEnumerable<T> values, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var set = new CellSetSlice { Start = start };
        set.Values.AddRange(CellCodec<T>.EncodeMany(values));
        return Handle.CallAsync(new ObjectRequest { CellSetSlice = set }, cancellationToken);
    }

    /// <summary>Fetches all elements, as they are at one revision.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The elements.</returns>
    public Task<T[]> ToArrayAsync(CancellationToken cancellationToken = default) => SliceAsync(0, null, cancellationToken);

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"array '{Name}'" : "an anonymous array";
}
