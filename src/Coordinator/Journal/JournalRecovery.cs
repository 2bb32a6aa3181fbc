using System.Globalization;

namespace Cluster.Coordinator.Journal;

/// <summary>
/// Opens a journal: brings a state to where it was, and finds the place to go on. An end that a crash cut off is removed, as nothing of it was
/// acknowledged; any other damage is an error that says where it is.
/// </summary>
/// <param name="directory">The folder.</param>
/// <param name="options">How the journal is kept.</param>
/// <param name="state">Empty; what the journal says is applied to it.</param>
/// <param name="logger">Told what was found and done.</param>
internal sealed class JournalRecovery(IJournalDirectory directory, JournalOptions options, IReplayedState state, ILogger logger)
{
    private readonly List<ulong> _segments = [];
    private ulong _last;
    private long _closedBytes;
    private long _openBytes;
    private Guid? _journal;

    /// <summary>Reads everything.</summary>
    /// <param name="newJournal">Names the journal if there is none.</param>
    /// <exception cref="JournalDamagedException">It is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public JournalWriter Open(Guid newJournal)
    {
        ReadSnapshot();
        FindSegments();
        ulong? open = null;
        for (int i = 0; i < _segments.Count; i++)
        {
            open = ReadSegment(i) ? _segments[i] : open;
        }

        JournalLog.Recovered(logger, _last, _segments.Count);
        Guid journal = _journal ?? newJournal;
        return open is ulong first
            ? JournalWriter.Continue(directory, options, journal, first, _last, _closedBytes)
            : JournalWriter.Begin(directory, options, journal, _last);
    }

    private void ReadSnapshot()
    {
        foreach (string unfinished in directory.List().Where(static name => name.EndsWith(FileNames.Unfinished, StringComparison.Ordinal)))
        {
            directory.Delete(unfinished);
        }

        ulong[] snapshots = FileNames.Snapshots(directory);
        if (snapshots.Length > 0)
        {
            _last = snapshots[^1];
            _journal = SnapshotFile.Read(directory, FileNames.Snapshot(_last), _last, state);
        }

        // The newer one stands for all that the older do.
        foreach (ulong older in snapshots.SkipLast(1))
        {
            directory.Delete(FileNames.Snapshot(older));
        }
    }

    private void FindSegments()
    {
        _segments.AddRange(FileNames.Segments(directory));

        // A segment ends where the next begins. A snapshot never ends within one.
        while (_segments.Count > 1 && _segments[1] <= _last + 1)
        {
            directory.Delete(FileNames.Segment(_segments[0]));
            _segments.RemoveAt(0);
        }
    }

    /// <returns>Whether it can be gone on with.</returns>
    private bool ReadSegment(int index)
    {
        ulong first = _segments[index];
        string name = FileNames.Segment(first);
        bool isLast = index == _segments.Count - 1;
        ReadOnlyMemory<byte> bytes = WholeFile.Read(directory, name);
        if (!FileHeader.TryDecode(bytes.Span, out FileHeader header) || header.Kind != FileKind.Segment || header.Number != first || header.Journal != (_journal ?? header.Journal))
        {
            if (isLast && !bytes.Span.ContainsAnyExcept((byte)0))
            {
                // It was being made when the process or the machine ended, and nothing was ever in it.
                JournalLog.Torn(logger, name, 0, bytes.Length, "it has no header yet.");
                directory.Delete(name);
                return false;
            }

            throw new JournalDamagedException(name, 0, "its header is damaged, or does not match its name or the other files.");
        }

        if (first > _last + 1)
        {
            throw new JournalDamagedException(name, 0, string.Create(CultureInfo.InvariantCulture, $"it begins with record {first}, but records {_last + 1} to {first - 1} are missing."));
        }

        _journal = header.Journal;
        SegmentScan scan = SegmentScan.Read(bytes, first);
        if (scan.Rest is { } rest)
        {
            CutOff(name, scan, bytes.Length, rest, index);
        }

        foreach (ReadOnlyMemory<byte> entry in scan.Entries.Skip((int)(_last + 1 - first)))
        {
            state.Apply(entry);
        }

        _last = Math.Max(_last, first + (ulong)scan.Entries.Count - 1);
        (_closedBytes, _openBytes) = (_closedBytes + _openBytes, scan.End);
        return true;
    }

    private void CutOff(string name, SegmentScan scan, int length, string rest, int index)
    {
        if (index == _segments.Count - 1 && scan.IsTorn)
        {
            JournalLog.Torn(logger, name, scan.End, length - scan.End, rest);
        }
        else if (options.Repair)
        {
            JournalLog.Repaired(logger, name, scan.End, rest, _segments.Count - 1 - index);
            PutAside(name);
            foreach (ulong later in _segments.Skip(index + 1))
            {
                directory.Rename(FileNames.Segment(later), FileNames.Segment(later) + FileNames.Damaged);
            }

            _segments.RemoveRange(index + 1, _segments.Count - index - 1);
        }
        else
        {
            throw new JournalDamagedException(name, scan.End, rest);
        }

        using IJournalFile file = directory.Open(name);
        file.Truncate(scan.End);
        file.Sync();
        directory.Sync();
    }

    private void PutAside(string name)
    {
        directory.Delete(name + FileNames.Damaged);
        using IJournalFile copy = directory.Create(name + FileNames.Damaged);
        copy.Write(WholeFile.Read(directory, name).Span, 0);
        copy.Sync();
    }
}
