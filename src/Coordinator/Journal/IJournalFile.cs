namespace Cluster.Coordinator.Journal;

/// <summary>A file of a journal. Calls block; one thread at a time.</summary>
internal interface IJournalFile : IDisposable
{
    /// <summary>How many bytes it has.</summary>
    long Length { get; }

    /// <summary>Writes bytes, beyond the end if need be.</summary>
    /// <exception cref="IOException">The disk is full or broken. Some of them may have been written.</exception>
    void Write(ReadOnlySpan<byte> bytes, long at);

    /// <summary>Reads bytes.</summary>
    /// <returns>How many; fewer than asked for only at the end.</returns>
    /// <exception cref="IOException">They cannot be read.</exception>
    int Read(Span<byte> bytes, long at);

    /// <summary>Cuts it off.</summary>
    /// <exception cref="IOException">That cannot be done.</exception>
    void Truncate(long length);

    /// <summary>Forces its content and its length to the disk.</summary>
    /// <exception cref="IOException">That cannot be done; what was written since the last time may be lost.</exception>
    void Sync();
}
