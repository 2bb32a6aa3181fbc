using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cluster.Protocol.V1;

namespace Cluster.Protocol.Batches;

/// <summary>
/// Copies unmanaged values as they lie in memory. <typeparamref name="T"/> has no constraint because the type is known at run time only;
/// <see cref="FormatChoice.IsRaw"/> has checked that it holds neither references nor pointers.
/// </summary>
internal sealed unsafe class RawCodec<T> : ItemCodec<T>
{
    public static readonly RawCodec<T> Instance = new();

    private RawCodec()
        : base(Format.Raw, typeof(T) == typeof(Nothing) ? 0 : Unsafe.SizeOf<T>())
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            throw new NotSupportedException($"{typeof(T)} holds references; its memory means nothing elsewhere.");
        }
    }

    // A nullable value writes its flag with it, so that every item has the same size.
    internal override bool IsNull(T item) => false;

    internal override void Write(PayloadWriter payload, T item)
    {
        if (Stride != 0)
        {
            Unsafe.WriteUnaligned(ref MemoryMarshal.GetReference(payload.GetSpan(Stride)), item);
            payload.Advance(Stride);
        }
    }

    internal override void WriteMany(PayloadWriter payload, ReadOnlySpan<T> items)
    {
        if (Stride != 0)
        {
            payload.Append(AsBytes(items));
        }
    }

    internal override T Read(ReadOnlySpan<byte> item)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(item.Length, Stride);
        return Stride == 0 ? default! : Unsafe.ReadUnaligned<T>(ref MemoryMarshal.GetReference(item));
    }

    internal override void ReadMany(ReadOnlySpan<byte> items, Span<T> destination)
    {
        if (Stride == 0)
        {
            destination.Clear();
            return;
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(items.Length, checked(destination.Length * Stride));
        items.CopyTo(AsBytes(destination));
    }

    // MemoryMarshal.AsBytes, which wants a constraint that the type has only at run time.
    private static Span<byte> AsBytes(ReadOnlySpan<T> items) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(items)), checked(items.Length * Unsafe.SizeOf<T>()));
}
