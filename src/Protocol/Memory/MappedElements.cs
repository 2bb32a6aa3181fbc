using System.Buffers;

namespace Cluster.Protocol.Memory;

/// <summary>Mapped memory as <see cref="Memory{T}"/>. It keeps the mapping alive.</summary>
/// <param name="mapped">The memory; up to 2³¹ − 1 elements.</param>
/// <param name="offset">Where the first element is.</param>
/// <typeparam name="T">The elements; bytes at the end that are no whole one are left out.</typeparam>
public sealed unsafe class MappedElements<T>(MappedMemory mapped, int offset = 0) : MemoryManager<T>
    where T : unmanaged
{
    private readonly int _count = checked((int)((mapped.Size - offset) / sizeof(T)));

    /// <inheritdoc/>
    public override Span<T> GetSpan() => mapped.Span<T>(offset, _count);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elementIndex, _count);
        return new MemoryHandle(mapped.PointerTo(offset + ((long)elementIndex * sizeof(T))), pinnable: this);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
        // It never moves.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Whoever mapped the memory unmaps it.
    }
}
