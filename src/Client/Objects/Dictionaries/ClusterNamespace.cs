using System.Text.Json.Serialization;
using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Values;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>
/// Named attributes, each of a type of its own, that all processes of a cluster share: <c>multiprocessing.Manager().Namespace()</c>. Values are copies: changing one that
/// was fetched changes nothing here.
/// </summary>
[JsonConverter(typeof(SharedObjectConverter))]
public sealed class ClusterNamespace : ClusterObject
{
    internal ClusterNamespace(ObjectHandle handle)
        : base(handle)
    {
    }

    /// <summary>Fetches an attribute: <c>namespace.attribute</c>.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="attribute">Its name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The value.</returns>
    /// <exception cref="KeyNotFoundException">There is no such attribute. (Python's <c>AttributeError</c>.)</exception>
    /// <exception cref="ClusterException">It is of another type.</exception>
    public async Task<T> GetAsync<T>(string attribute, CancellationToken cancellationToken = default)
    {
        var (found, value) = await TryGetAsync<T>(attribute, cancellationToken).ConfigureAwait(false);
        return found ? value : throw new KeyNotFoundException($"{this} has no attribute '{attribute}'.");
    }

    /// <summary>Fetches an attribute, if there is one.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="attribute">Its name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there is one, and its value.</returns>
    /// <exception cref="ClusterException">It is of another type.</exception>
    public async Task<(bool Found, T Value)> TryGetAsync<T>(string attribute, CancellationToken cancellationToken = default)
    {
        var reply = await Handle.CallAsync(new ObjectRequest { DictGet = new DictGet { Key = Key(attribute) } }, cancellationToken).ConfigureAwait(false);
        return reply.DictEntry.Value is { } value ? (true, ValueCodec<T>.Decode(value)) : (false, default!);
    }

    /// <summary>Sets an attribute, whatever it was before: <c>namespace.attribute = value</c>.</summary>
    /// <typeparam name="T">What it is to be.</typeparam>
    /// <param name="attribute">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The revision of the change.</returns>
    public async Task<long> SetAsync<T>(string attribute, T value, CancellationToken cancellationToken = default)
    {
        var set = new DictSet { Key = Key(attribute), Value = ValueCodec<T>.Encode(value) };
        return (long)(await Handle.CallAsync(new ObjectRequest { DictSet = set }, cancellationToken).ConfigureAwait(false)).Revision;
    }

    /// <summary>Removes an attribute: <c>del namespace.attribute</c>.</summary>
    /// <param name="attribute">Its name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RemoveAsync(string attribute, CancellationToken cancellationToken = default) =>
        (await Handle.CallAsync(new ObjectRequest { DictRemove = new DictRemove { Key = Key(attribute) } }, cancellationToken).ConfigureAwait(false)).Flag;

    /// <summary>Adds to a number, in one step: <c>namespace.attribute += by</c>, which is not atomic in Python.</summary>
    /// <param name="attribute">Its name. One that is not there is 0.</param>
    /// <param name="by">What to add. Default: 1.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The sum.</returns>
    /// <exception cref="ClusterObjectException">What is there is no number.</exception>
    /// <exception cref="OverflowException">The sum does not fit 64 bits.</exception>
    public async Task<long> IncrementAsync(string attribute, long by = 1, CancellationToken cancellationToken = default)
    {
        var increment = new DictIncrement { Key = Key(attribute), Integer = by };
        return ValueCodec<long>.Decode((await Handle.CallAsync(new ObjectRequest { DictIncrement = increment }, cancellationToken).ConfigureAwait(false)).Value);
    }

    /// <summary>The names of all attributes, as they are at one revision, in the order in which they were first set: <c>dir(namespace)</c>.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The names.</returns>
    public async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken = default)
    {
        var request = new ObjectRequest { DictItems = new DictItems { KeysOnly = true } };
        var pages = await Handle.CallAsync(request, static reply => reply.DictEntries.More, cancellationToken).ConfigureAwait(false);
        return [.. pages.SelectMany(static page => page.DictEntries.Entries).Select(static entry => ValueCodec<string>.Decode(entry.Key))];
    }

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"namespace '{Name}'" : "an anonymous namespace";

    private static Payload Key(string attribute)
    {
        ArgumentException.ThrowIfNullOrEmpty(attribute);
        return ValueCodec<string>.Encode(attribute);
    }
}
