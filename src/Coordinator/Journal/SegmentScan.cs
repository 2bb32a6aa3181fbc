namespace Cluster.Coordinator.Journal;

/// <summary>Reads the records of a segment, and finds out how it ends: in order, with a write that a crash cut off, or with a damage.</summary>
internal sealed class SegmentScan
{
    private const int SectorBytes = 512;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly List<ReadOnlyMemory<byte>> _entries = [];
    private readonly ulong _first;

    private SegmentScan(ReadOnlyMemory<byte> bytes, ulong first) => (_bytes, _first) = (bytes, first);

    /// <summary>The payloads of the good records.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Entries => _entries;

    /// <summary>Where the last good record ends.</summary>
    public int End { get; private set; } = FileHeader.Bytes;

    /// <summary>What follows there and is no record; null: nothing does.</summary>
    public string? Rest { get; private set; }

    /// <summary>Whether a write that was never completed explains the rest. What was acknowledged is complete.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>Reads a segment.</summary>
    /// <param name="bytes">The whole file, whose header has been read.</param>
    /// <param name="first">The number of its first record.</param>
    public static SegmentScan Read(ReadOnlyMemory<byte> bytes, ulong first)
    {
        SegmentScan scan = new(bytes, first);
        scan.Run();
        return scan;
    }

    private void Run()
    {
        while (End < _bytes.Length)
        {
            RecordState state = RecordFormat.Read(_bytes[End..], out Record record);
            ulong expected = _first + (ulong)_entries.Count;
            if (state == RecordState.Good && record.Number == expected)
            {
                _entries.Add(record.Payload);
                End += RecordFormat.HeaderBytes + record.Payload.Length;
                continue;
            }

            Rest = state switch
            {
                RecordState.Good => $"record {record.Number} stands where record {expected} should be.",
                RecordState.CutOff => $"record {expected} is cut off.",
                RecordState.BadHeader => $"the header of record {expected} does not match its checksum.",
                _ => $"record {expected} does not match its checksum.",
            };
            IsTorn = state switch
            {
                RecordState.Good => false,

                // Its header is whole, or there is no room for one: nothing that was completed looks like this.
                RecordState.CutOff => true,

                // The file has grown already, its content had not come to the disk.
                _ => HasUnwrittenSector(End),
            };
            return;
        }
    }

    // Disks write whole sectors: one that was not written is empty.
    private bool HasUnwrittenSector(int from)
    {
        for (int at = from; at < _bytes.Length;)
        {
            int next = Math.Min(_bytes.Length, at - (at % SectorBytes) + SectorBytes);
            if (!_bytes.Span[at..next].ContainsAnyExcept((byte)0))
            {
                return !WasDurable(from);
            }

            at = next;
        }

        return false;
    }

    // A later record may tell that the one that should be here was safe: then it was lost afterwards.
    private bool WasDurable(int from)
    {
        ulong expected = _first + (ulong)_entries.Count;
        for (int at = from + 1; at <= _bytes.Length - RecordFormat.HeaderBytes; at++)
        {
            if (RecordFormat.Read(_bytes[at..], out Record record) == RecordState.Good && record.Number > expected && record.Durable >= expected)
            {
                return true;
            }
        }

        return false;
    }
}
