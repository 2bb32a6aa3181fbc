using Microsoft.Win32.SafeHandles;

namespace Cluster.Coordinator.Journal;

/// <summary>A file on a disk. Its folder is locked for this process, which may read what it is writing elsewhere.</summary>
internal sealed class DiskFile(string path, FileMode mode) : IJournalFile
{
    private readonly SafeFileHandle _handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite);

    /// <inheritdoc/>
    public long Length => RandomAccess.GetLength(_handle);

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes, long at) => RandomAccess.Write(_handle, bytes, at);

    /// <inheritdoc/>
    public int Read(Span<byte> bytes, long at)
    {
        int total = 0;
        while (total < bytes.Length && RandomAccess.Read(_handle, bytes[total..], at + total) is var read and > 0)
        {
            total += read;
        }

        return total;
    }

    /// <inheritdoc/>
    public void Truncate(long length) => RandomAccess.SetLength(_handle, length);

    /// <inheritdoc/>
    public void Sync() => RandomAccess.FlushToDisk(_handle);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
