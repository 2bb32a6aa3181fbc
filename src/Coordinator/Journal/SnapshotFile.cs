using System.Buffers;
using System.Globalization;

namespace Cluster.Coordinator.Journal;

/// <summary>Snapshots on disk: parts as records from 1 on, and an empty record with the next number at the end, so that one that was cut off is known.</summary>
internal static class SnapshotFile
{
    private const int WriteBytes = 1 << 20;

    /// <summary>Writes a snapshot. It counts when this has returned, and not before.</summary>
    /// <exception cref="IOException">It cannot be written; nothing has changed.</exception>
    public static void Write(IJournalDirectory directory, Guid journal, ulong last, IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        string name = FileNames.Snapshot(last);
        string unfinished = name + FileNames.Unfinished;
        directory.Delete(unfinished);
        try
        {
            using (IJournalFile file = directory.Create(unfinished))
            {
                WriteParts(file, new FileHeader(FileKind.Snapshot, journal, last), parts);
                file.Sync();
            }

            directory.Rename(unfinished, name);
            directory.Sync();
        }
        catch (IOException)
        {
            directory.Delete(unfinished);
            throw;
        }
    }

    /// <summary>Reads a snapshot into a state.</summary>
    /// <returns>Of which journal it is.</returns>
    /// <exception cref="JournalDamagedException">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Guid Read(IJournalDirectory directory, string name, ulong last, IReplayedState state)
    {
        using IJournalFile file = directory.Open(name);
        byte[] start = new byte[FileHeader.Bytes];
        if (file.Read(start, 0) < start.Length || !FileHeader.TryDecode(start, out FileHeader header) || header.Kind != FileKind.Snapshot || header.Number != last)
        {
            throw new JournalDamagedException(name, 0, "its header is damaged, or does not match its name.");
        }

        long at = FileHeader.Bytes;
        for (ulong number = 1; ; number++)
        {
            ReadOnlyMemory<byte> bytes = ReadRecord(file, at);
            if (RecordFormat.Read(bytes, out Record record) != RecordState.Good || record.Number != number)
            {
                throw new JournalDamagedException(name, at, string.Create(CultureInfo.InvariantCulture, $"part {number} is damaged, or missing."));
            }

            if (record.Payload.IsEmpty)
            {
                return header.Journal;
            }

            state.Restore(record.Payload);
            at += bytes.Length;
        }
    }

    // As much as its header says, if that makes sense.
    private static ReadOnlyMemory<byte> ReadRecord(IJournalFile file, long at)
    {
        byte[] header = new byte[RecordFormat.HeaderBytes];
        if (file.Read(header, at) < header.Length || RecordFormat.PayloadBytes(header) is not int length)
        {
            return default;
        }

        byte[] bytes = new byte[header.Length + length];
        return bytes.AsMemory(0, file.Read(bytes, at));
    }

    private static ReadOnlyMemory<byte> NotEmpty(ReadOnlyMemory<byte> part) =>
        part.IsEmpty ? throw new ArgumentException("A part of a snapshot must not be empty: that marks the end.", nameof(part)) : part;

    private static void WriteParts(IJournalFile file, FileHeader header, IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        ArrayBufferWriter<byte> buffer = new();
        buffer.Write(header.Encode());
        long at = 0;
        ulong number = 0;
        foreach (ReadOnlyMemory<byte> part in parts.Select(NotEmpty).Append(default))
        {
            RecordFormat.Write(buffer, ++number, 0, part.Span);
            if (buffer.WrittenCount >= WriteBytes)
            {
                file.Write(buffer.WrittenSpan, at);
                at += buffer.WrittenCount;
                buffer.ResetWrittenCount();
            }
        }

        file.Write(buffer.WrittenSpan, at);
    }
}
