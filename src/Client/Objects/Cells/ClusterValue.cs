using System.Text.Json.Serialization;
using Cluster.Client.Objects.Cells;
using Cluster.Client.Objects.Handles;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>One value that all processes of a cluster share: <c>multiprocessing.Value</c>. Unlike <c>v.value += 1</c> there, <see cref="AddAsync"/> loses nothing.</summary>
/// <typeparam name="T">The value. Only numbers can be added to.</typeparam>
[JsonConverter(typeof(SharedObjectConverter))]
public sealed class ClusterValue<T> : ClusterObject
{
    internal ClusterValue(ObjectHandle handle)
        : base(handle)
    {
    }

    /// <summary>Fetches the value.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The value.</returns>
    public async Task<T> GetAsync(CancellationToken cancellationToken = default) =>
        CellCodec<T>.Decode((await Handle.CallAsync(new ObjectRequest { CellGet = new CellGet() }, cancellationToken).ConfigureAwait(false)).Value);

    /// <summary>Replaces the value.</summary>
    /// <param name="value">The new one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when it is replaced.</returns>
    public Task SetAsync(T value, CancellationToken cancellationToken = default) =>
        Handle.CallAsync(new ObjectRequest { CellSet = new CellSet { Value = CellCodec<T>.Encode(value) } }, cancellationToken);

    /// <summary>Adds to the number, in one step. Integers wrap around, as in C# where nothing is checked.</summary>
    /// <param name="by">What to add.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The sum.</returns>
    /// <exception cref="ClusterObjectException">It is no number.</exception>
    public async Task<T> AddAsync(T by, CancellationToken cancellationToken = default) =>
        CellCodec<T>.Decode((await Handle.CallAsync(new ObjectRequest { CellAdd = new CellAdd { By = CellCodec<T>.Encode(by) } }, cancellationToken).ConfigureAwait(false)).Value);

    /// <summary>Replaces the value and fetches what was there, in one step.</summary>
    /// <param name="value">The new one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The old one.</returns>
    public async Task<T> ExchangeAsync(T value, CancellationToken cancellationToken = default) =>
        CellCodec<T>.Decode((await Handle.CallAsync(new ObjectRequest { CellExchange = new CellExchange { Value = CellCodec<T>.Encode(value) } }, cancellationToken).ConfigureAwait(false)).Value);

    /// <summary>Replaces the value if it is what the caller thinks, in one step.</summary>
    /// <param name="value">The new one.</param>
    /// <param name="expected">What must be there.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What was there: it was replaced if that is equal to <paramref name="expected"/>.</returns>
    public async Task<T> CompareExchangeAsync(T value, T expected, CancellationToken cancellationToken = default)
    {
        var compare = new CellCompareExchange { Value = CellCodec<T>.Encode(value), Expected = CellCodec<T>.Encode(expected) };
        var reply = await Handle.CallAsync(new ObjectRequest { CellCompareExchange = compare }, cancellationToken).ConfigureAwait(false);
        return CellCodec<T>.Decode(reply.CellCompareExchange.Previous);
    }

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"value '{Name}'" : "an anonymous value";
}
