namespace Cluster.Coordinator.Journal;

/// <summary>
/// Replaces closed segments by a snapshot. It does not ask the living state, which goes on meanwhile: it replays the files into another one, which comes
/// out the same.
/// </summary>
/// <param name="directory">The folder.</param>
/// <param name="writer">Writes to the same journal, perhaps at the same time.</param>
/// <param name="logger">Told what was done.</param>
internal sealed class JournalCompaction(IJournalDirectory directory, JournalWriter writer, ILogger logger)
{
    /// <summary>Does it, if there is a closed segment. Blocks.</summary>
    /// <param name="empty">An empty state.</param>
    /// <param name="cancellationToken">Gives up between two segments; nothing is lost.</param>
    /// <exception cref="IOException">The disk is full or broken. The journal goes on without a snapshot.</exception>
    /// <exception cref="JournalDamagedException">What is on the disk is damaged.</exception>
    public void Run(IReplayedState empty, CancellationToken cancellationToken)
    {
        ulong open = writer.OpenSegment;
        ulong last = 0;
        Guid journal = default;
        ulong[] snapshots = FileNames.Snapshots(directory);
        if (snapshots.Length > 0)
        {
            last = snapshots[^1];
            journal = SnapshotFile.Read(directory, FileNames.Snapshot(last), last, empty);
        }

        ulong[] closed = [.. FileNames.Segments(directory).Where(first => first < open)];
        if (closed.Length == 0)
        {
            return;
        }

        long bytes = 0;
        foreach (ulong first in closed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (journal, ulong end, int length) = Replay(first, last, empty);
            bytes += length;
            last = Math.Max(last, end);
        }

        SnapshotFile.Write(directory, journal, last, empty.Save());
        foreach (string name in snapshots.Select(FileNames.Snapshot).Concat(closed.Select(FileNames.Segment)))
        {
            directory.Delete(name);
        }

        writer.Compacted(bytes);
        JournalLog.Compacted(logger, last, bytes);
    }

    private (Guid Journal, ulong Last, int Bytes) Replay(ulong first, ulong last, IReplayedState state)
    {
        string name = FileNames.Segment(first);
        ReadOnlyMemory<byte> bytes = WholeFile.Read(directory, name);
        if (!FileHeader.TryDecode(bytes.Span, out FileHeader header) || header.Number != first || first > last + 1)
        {
            throw new JournalDamagedException(name, 0, "its header is damaged, or records before it are missing.");
        }

        SegmentScan scan = SegmentScan.Read(bytes, first);
        if (scan.Rest is not null)
        {
            throw new JournalDamagedException(name, scan.End, scan.Rest);
        }

        foreach (ReadOnlyMemory<byte> entry in scan.Entries.Skip((int)(last + 1 - first)))
        {
            state.Apply(entry);
        }

        return (header.Journal, first + (ulong)scan.Entries.Count - 1, bytes.Length);
    }
}
