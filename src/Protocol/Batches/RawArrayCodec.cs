using System.Runtime.CompilerServices;
using Cluster.Protocol.V1;

namespace Cluster.Protocol.Batches;

/// <summary>Arrays of unmanaged values: one memory copy in place of a JSON document full of numbers.</summary>
internal sealed class RawArrayCodec<TElement> : ItemCodec<TElement[]>
{
    private readonly RawCodec<TElement> _elements = RawCodec<TElement>.Instance;

    public RawArrayCodec()
        : base(Format.Bytes, 0)
    {
    }

    internal override void Write(PayloadWriter payload, TElement[] item) => _elements.WriteMany(payload, item);

    internal override TElement[] Read(ReadOnlySpan<byte> item)
    {
        var size = Unsafe.SizeOf<TElement>();
        if (item.Length % size != 0)
        {
            throw new FormatException($"{item.Length} bytes are no whole number of {typeof(TElement)}, which take {size} bytes each.");
        }

        var array = GC.AllocateUninitializedArray<TElement>(item.Length / size);
        _elements.ReadMany(item, array);
        return array;
    }
}
