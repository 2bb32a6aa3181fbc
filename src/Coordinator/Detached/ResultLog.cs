using System.Buffers;
using Cluster.Coordinator.Journal;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Coordinator.Detached;

/// <summary>The file of what happened to a job: records as the journal has them, one after another. Calls block; one thread at a time.</summary>
internal sealed class ResultLog(IJournalFile file) : IDisposable
{
    private ulong _records;
    private long _end;

    /// <summary>How many bytes it has.</summary>
    public long Bytes => _end;

    /// <summary>How many entries it has.</summary>
    public ulong Entries => _records;

    /// <summary>Reads it from the beginning. What a crash has cut off is removed: its items have no answer, and run again.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void ReadAll(Action<DetachedJobEntry, long> take)
    {
        (_records, _end) = (0, 0);
        while (TryRead(_end, out var entry, out var bytes) is { } number && number == _records + 1)
        {
            take(entry, _end);
            _records++;
            _end += bytes;
        }

        if (file.Length > _end)
        {
            file.Truncate(_end);
        }
    }

    /// <summary>How many bytes an entry would add.</summary>
    public static int SizeOf(DetachedJobEntry entry) => RecordFormat.HeaderBytes + entry.CalculateSize();

    /// <summary>Adds an entry. It survives the end of the process when this has returned.</summary>
    /// <returns>Where it is.</returns>
    /// <exception cref="IOException">It cannot be written, and nothing has been.</exception>
    public long Append(DetachedJobEntry entry)
    {
        var bytes = new ArrayBufferWriter<byte>();
        RecordFormat.Write(bytes, _records + 1, 0, entry.ToByteArray());
        file.Write(bytes.WrittenSpan, _end);
        var offset = _end;
        _end += bytes.WrittenCount;
        _records++;
        return offset;
    }

    /// <summary>Forces everything to the disk.</summary>
    /// <exception cref="IOException">That cannot be done.</exception>
    public void Sync() => file.Sync();

    /// <summary>Reads one entry.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public DetachedJobEntry Read(long offset) =>
        TryRead(offset, out var entry, out _) is not null ? entry : throw new InvalidDataException("The file of the job's results is damaged. Submit the job again.");

    /// <summary>Reads entries one after another.</summary>
    /// <param name="offset">Where the first is.</param>
    /// <exception cref="IOException">They cannot be read.</exception>
    public IEnumerable<DetachedJobEntry> Walk(long offset)
    {
        while (TryRead(offset, out var entry, out var bytes) is not null)
        {
            yield return entry;
            offset += bytes;
        }
    }

    /// <summary>Forgets the last entries.</summary>
    /// <param name="offset">Where the first of them is.</param>
    /// <param name="entries">How many entries are before it.</param>
    /// <exception cref="IOException">That cannot be done.</exception>
    public void Cut(long offset, ulong entries)
    {
        file.Truncate(offset);
        (_end, _records) = (offset, entries);
    }

    public void Dispose() => file.Dispose();

    private ulong? TryRead(long offset, out DetachedJobEntry entry, out int bytes)
    {
        (entry, bytes) = (new DetachedJobEntry(), 0);
        var header = new byte[RecordFormat.HeaderBytes];
        if (file.Read(header, offset) < header.Length || RecordFormat.PayloadBytes(header) is not int length)
        {
            return null;
        }

        var whole = new byte[header.Length + length];
        if (RecordFormat.Read(whole.AsMemory(0, file.Read(whole, offset)), out var record) != RecordState.Good)
        {
            return null;
        }

        entry = DetachedJobEntry.Parser.ParseFrom(record.Payload.Span);
        bytes = whole.Length;
        return record.Number;
    }
}
