using System.Buffers;
using System.Globalization;
using Cluster.Coordinator.Telemetry;

namespace Cluster.Coordinator.Journal;

/// <summary>
/// Adds records to a journal. What could not be written is taken back: it has not happened, and the next attempt begins where the last good record ends.
/// Calls block.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IJournalDirectory _directory;
    private readonly JournalOptions _options;
    private readonly Guid _journal;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private IJournalFile _file;
    private ulong _first;
    private long _end;
    private ulong _durable;
    private bool _isDirty;

    private JournalWriter(IJournalDirectory directory, JournalOptions options, Guid journal, IJournalFile file, ulong first, ulong last, long end)
    {
        (_directory, _options, _journal, _file, _first, _end) = (directory, options, journal, file, first, end);
        LastNumber = _durable = last;
    }

    /// <summary>The number of the last record.</summary>
    public ulong LastNumber { get; private set; }

    /// <summary>The number of the first record that is not in a closed segment.</summary>
    public ulong OpenSegment
    {
        get
        {
            lock (_gate)
            {
                return _first;
            }
        }
    }

    /// <summary>Told what is written, and how long that takes; null: nobody is.</summary>
    public JournalMetrics? Metrics { get; set; }

    /// <summary>Bytes in all segments.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return ClosedBytes + _end;
            }
        }
    }

    /// <summary>Bytes in segments that were closed.</summary>
    public long ClosedBytes { get; private set; }

    /// <summary>Goes on with the last segment.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="options">How it is kept.</param>
    /// <param name="journal">Which journal it is.</param>
    /// <param name="first">The segment.</param>
    /// <param name="last">The number of its last record.</param>
    /// <param name="closedBytes">Bytes in the segments before it.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static JournalWriter Continue(IJournalDirectory directory, JournalOptions options, Guid journal, ulong first, ulong last, long closedBytes)
    {
        IJournalFile file = directory.Open(FileNames.Segment(first));

        // What was read may be in the kernel's memory only.
        file.Sync();
        directory.Sync();
        return new JournalWriter(directory, options, journal, file, first, last, file.Length) { ClosedBytes = closedBytes };
    }

    /// <summary>Begins a segment, after <paramref name="last"/>.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static JournalWriter Begin(IJournalDirectory directory, JournalOptions options, Guid journal, ulong last)
    {
        IJournalFile file = CreateSegment(directory, journal, last + 1);
        return new JournalWriter(directory, options, journal, file, last + 1, last, FileHeader.Bytes);
    }

    /// <summary>Adds entries: all of them, or none.</summary>
    /// <exception cref="JournalWriteException">None was added. It may be tried again.</exception>
    public void Append(IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            try
            {
                Repair();
                if (_end >= _options.SegmentBytes)
                {
                    Roll();
                }

                Write(entries);
            }
            catch (IOException exception)
            {
                Metrics?.Refused();
                throw new JournalWriteException($"The journal in {_directory} cannot be written to: {exception.Message} Nothing was changed. Free space or mend the disk, and try again.", exception);
            }
        }
    }

    /// <summary>Forces what was added to the disk.</summary>
    /// <exception cref="JournalWriteException">That cannot be done; what was added since the last time may be lost when the machine ends.</exception>
    public void Sync()
    {
        lock (_gate)
        {
            if (_durable == LastNumber)
            {
                return;
            }

            try
            {
                Force();
                _durable = LastNumber;
            }
            catch (IOException exception)
            {
                Metrics?.Refused();
                throw new JournalWriteException($"The journal in {_directory} cannot be forced to the disk: {exception.Message}", exception);
            }
        }
    }

    /// <summary>A snapshot stands for segments: they are gone.</summary>
    public void Compacted(long bytes)
    {
        lock (_gate)
        {
            ClosedBytes -= bytes;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }

    private static IJournalFile CreateSegment(IJournalDirectory directory, Guid journal, ulong first)
    {
        string name = FileNames.Segment(first);
        IJournalFile file = directory.Create(name);
        try
        {
            file.Write(new FileHeader(FileKind.Segment, journal, first).Encode(), 0);
            file.Sync();
            directory.Sync();
            return file;
        }
        catch
        {
            file.Dispose();
            directory.Delete(name);
            throw;
        }
    }

    private void Write(IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        _buffer.ResetWrittenCount();
        ulong number = LastNumber;
        foreach (ReadOnlyMemory<byte> entry in entries)
        {
            RecordFormat.Write(_buffer, ++number, _durable, entry.Span);
        }

        long begun = Metrics?.Now ?? 0;

        // Whatever goes wrong from here on, the file may have some of it.
        _isDirty = true;
        _file.Write(_buffer.WrittenSpan, _end);
        if (_options.Fsync == FsyncPolicy.Always)
        {
            Force();
            _durable = number;
        }

        _isDirty = false;
        _end += _buffer.WrittenCount;
        LastNumber = number;
        Metrics?.Appended(entries.Count, _buffer.WrittenCount, begun);
    }

    private void Force()
    {
        long begun = Metrics?.Now ?? 0;
        _file.Sync();
        Metrics?.Synced(begun);
    }

    // Takes back what is left of an attempt that failed.
    private void Repair()
    {
        if (_isDirty)
        {
            _file.Truncate(_end);
            _file.Sync();
            _isDirty = false;
        }
    }

    // Only the last segment may have an end that a crash cut off.
    private void Roll()
    {
        _file.Sync();
        _durable = LastNumber;
        IJournalFile next = CreateSegment(_directory, _journal, LastNumber + 1);
        _file.Dispose();
        ClosedBytes += _end;
        (_file, _first, _end) = (next, LastNumber + 1, FileHeader.Bytes);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_directory}, record {LastNumber}");
}
