using Cluster.Protocol.V1;

namespace Cluster.Protocol.Batches;

/// <summary>
/// Writes and reads single items of one type in one format. Codecs have no state and serve any number of threads.
/// Get one from <see cref="ItemCodec"/>; use it with <see cref="BatchBuilder{T}"/> and <see cref="BatchReader{T}"/>.
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
public abstract class ItemCodec<T>
{
    private protected ItemCodec(Format format, int stride)
    {
        Format = format;
        Stride = stride;
    }

    /// <summary>How items are laid out.</summary>
    public Format Format { get; }

    /// <summary>Bytes per item for <see cref="Format.Raw"/>; 0 for <see cref="Nothing"/> and for the other formats.</summary>
    public int Stride { get; }

    /// <summary>Writes one item by itself.</summary>
    /// <param name="item">The item; not null.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="Exception">The serializer's own, where the item has no form that travels.</exception>
    public byte[] ToBytes(T item)
    {
        var payload = new PayloadWriter(int.MaxValue);
        payload.BeginItem();
        Write(payload, item);
        return payload.Buffer.AsSpan(0, payload.Used).ToArray();
    }

    /// <summary>Writes items of a fixed size back to back.</summary>
    /// <param name="items">The items, in <see cref="Format.Raw"/>.</param>
    /// <returns>Their bytes.</returns>
    /// <exception cref="InvalidOperationException">Items in this format differ in size.</exception>
    public byte[] ToBytes(ReadOnlySpan<T> items)
    {
        var payload = new PayloadWriter(int.MaxValue);
        payload.BeginItem();
        WriteMany(payload, items);
        return payload.Buffer.AsSpan(0, payload.Used).ToArray();
    }

    /// <summary>Reads one item that was written by itself.</summary>
    /// <param name="bytes">Exactly its bytes.</param>
    /// <returns>The item.</returns>
    /// <exception cref="Exception">The serializer's own, where they are no such item.</exception>
    public T FromBytes(ReadOnlySpan<byte> bytes) => Read(bytes);

    /// <summary>Reads items of a fixed size that were written back to back.</summary>
    /// <param name="bytes">Their bytes, in <see cref="Format.Raw"/>.</param>
    /// <returns>As many as fit.</returns>
    /// <exception cref="InvalidOperationException">Items in this format differ in size.</exception>
    public T[] ManyFromBytes(ReadOnlySpan<byte> bytes)
    {
        var items = new T[bytes.Length / Math.Max(1, Stride)];
        ReadMany(bytes, items);
        return items;
    }

    /// <summary>Whether an item is null, which travels as a length and not as bytes.</summary>
    internal virtual bool IsNull(T item) => item is null;

    /// <summary>Appends the bytes of an item that is not null.</summary>
    internal abstract void Write(PayloadWriter payload, T item);

    /// <summary>Appends items of a fixed size back to back. Called for <see cref="Format.Raw"/> only.</summary>
    internal virtual void WriteMany(PayloadWriter payload, ReadOnlySpan<T> items) =>
        throw new InvalidOperationException($"Items in format {Format} differ in size.");

    /// <summary>Reads one item from exactly its bytes.</summary>
    internal abstract T Read(ReadOnlySpan<byte> item);

    /// <summary>Reads one item from an array of exactly its bytes that nobody else uses: where the item is that array, without a copy.</summary>
    internal virtual T ReadOwned(byte[] item) => Read(item);

    /// <summary>Reads items of a fixed size. Called for <see cref="Format.Raw"/> only, with as many bytes as the items take.</summary>
    internal virtual void ReadMany(ReadOnlySpan<byte> items, Span<T> destination) =>
        throw new InvalidOperationException($"Items in format {Format} differ in size.");
}
