using Cluster.Protocol.Batches;
using Cluster.Protocol.Memory;
using Cluster.Protocol.V1;

namespace Cluster.Client.Broadcasts;

/// <summary>How values of a type lie in the file of a broadcast, behind its header.</summary>
/// <typeparam name="T">The value.</typeparam>
internal abstract class BroadcastForm<T>
{
    /// <summary>The one for the type: it follows from the type and nothing else.</summary>
    /// <exception cref="NotSupportedException">Values of the type mean nothing in another process.</exception>
    public static BroadcastForm<T> Choose()
    {
        if (typeof(T).IsConstructedGenericType && typeof(T).GetGenericTypeDefinition() == typeof(ReadOnlyMemory<>))
        {
            var element = typeof(T).GenericTypeArguments[0];
            if (ItemCodec.FormatOf(element, out _) == Format.Raw)
            {
                return (BroadcastForm<T>)Activator.CreateInstance(typeof(MemoryForm<>).MakeGenericType(element))!;
            }
        }

        return new EncodedForm<T>();
    }

    /// <summary>Which bytes they are.</summary>
    public abstract Format Format { get; }

    /// <summary>Writes a value.</summary>
    public abstract void Write(Stream file, T value);

    /// <summary>Reads the value. Whether the mapping is disposed or lives on with the value, it is not the caller's any more.</summary>
    /// <param name="mapped">The file.</param>
    /// <param name="offset">Where the value begins.</param>
    /// <param name="format">Which bytes it is.</param>
    public abstract T Read(MappedMemory mapped, int offset, Format format);
}
