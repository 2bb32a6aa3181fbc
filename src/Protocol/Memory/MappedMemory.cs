using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cluster.Protocol.Memory;

/// <summary>A part of a file that is mapped into this process, until it is disposed.</summary>
public sealed unsafe class MappedMemory : IDisposable
{
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private volatile bool _closed;

    private MappedMemory(MemoryMappedViewAccessor view, long size)
    {
        _view = view;
        Size = size;
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _start = start + view.PointerOffset;

        // A span does not keep this alive, and the memory must not go while one is used: see DisposeWhenUnreachable.
        GC.SuppressFinalize(this);
    }

    /// <summary>The handle below would stay open for ever.</summary>
    ~MappedMemory() => Close();

    /// <summary>Its size in bytes.</summary>
    public long Size { get; }

    /// <summary>Maps a part of a file.</summary>
    /// <param name="file">The file; closed when this returns.</param>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="size">How many bytes it has.</param>
    /// <param name="access">What may be done with it.</param>
    public static MappedMemory Of(FileStream file, long offset, long size, MemoryMappedFileAccess access)
    {
        using var mapped = MemoryMappedFile.CreateFromFile(file, null, 0, access, HandleInheritability.None, leaveOpen: false);
        return new MappedMemory(mapped.CreateViewAccessor(offset, size, access), size);
    }

    /// <summary>Has it disposed when nobody has this object any more. Whoever calls this keeps it for as long as there may be spans.</summary>
    public void DisposeWhenUnreachable() => GC.ReRegisterForFinalize(this);

    /// <summary>A part of it, as elements. It must not be used once the mapping is disposed.</summary>
    /// <param name="offset">Where the part begins, in bytes.</param>
    /// <param name="count">How many elements it has.</param>
    /// <typeparam name="T">The elements.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException">It does not lie within the memory.</exception>
    /// <exception cref="ObjectDisposedException">The mapping is disposed.</exception>
    public Span<T> Span<T>(long offset, int count)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)count * sizeof(T), Size - offset, nameof(count));
        return MemoryMarshal.CreateSpan(ref Unsafe.AsRef<T>(_start + offset), count);
    }

    /// <summary>Where an element is.</summary>
    internal void* PointerTo(long offset) => _start + offset;

    /// <summary>Unmaps it. Spans of it must not be used any more.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    private void Close()
    {
        if (!_closed)
        {
            _closed = true;
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
        }
    }
}
