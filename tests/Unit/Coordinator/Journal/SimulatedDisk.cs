using Cluster.Coordinator.Journal;

namespace Cluster.Unit.Coordinator.Journal;

/// <summary>
/// A folder in memory that behaves as badly as a disk may: a crash keeps what was forced to the disk, and of the rest whatever it likes, sector by sector;
/// it can be full, and it can fail.
/// </summary>
internal sealed class SimulatedDisk : IJournalDirectory
{
    // Compaction has a thread of its own.
    private readonly Lock _gate = new();

    // As the system sees it, and as it is on the platter.
    private Dictionary<string, SimulatedFile> _names = [];
    private Dictionary<string, SimulatedFile> _durableNames = [];

    /// <summary>Bytes that still fit.</summary>
    public long Room { get; set; } = long.MaxValue;

    /// <summary>How many more calls succeed that write or force something; then all fail until it is set again.</summary>
    public int CallsUntilFailure { get; set; } = int.MaxValue;

    public IReadOnlyList<string> List()
    {
        lock (_gate)
        {
            return [.. _names.Keys];
        }
    }

    public IJournalFile Create(string name)
    {
        lock (_gate)
        {
            Count();
            return _names.TryAdd(name, new SimulatedFile(this)) ? new Handle(_names[name], _gate) : throw new IOException($"{name} exists.");
        }
    }

    public IJournalFile Open(string name)
    {
        lock (_gate)
        {
            return _names.TryGetValue(name, out var file) ? new Handle(file, _gate) : throw new FileNotFoundException($"{name} is not there.");
        }
    }

    public void Rename(string from, string to)
    {
        lock (_gate)
        {
            Count();
            _names[to] = _names[from];
            _names.Remove(from);
        }
    }

    public void Delete(string name)
    {
        lock (_gate)
        {
            _names.Remove(name);
        }
    }

    public void Sync()
    {
        lock (_gate)
        {
            Count();
            _durableNames = new(_names);
        }
    }

    /// <summary>The machine ends, and starts again.</summary>
    public void Crash(Random random)
    {
        // Either none of the changes of names since the last time has come to the disk, or all.
        if (random.Next(2) == 0)
        {
            _durableNames = new(_names);
        }

        foreach (var file in _names.Values.Concat(_durableNames.Values).Distinct())
        {
            file.Crash(random);
        }

        _names = new(_durableNames);
        (Room, CallsUntilFailure) = (long.MaxValue, int.MaxValue);
    }

    /// <summary>The content of a file.</summary>
    public byte[] this[string name] => _names[name].Content;

    /// <summary>Replaces the content of a file.</summary>
    public void Put(string name, byte[] content)
    {
        _names[name] = new SimulatedFile(this) { Content = content };
        _names[name].Sync();
        Sync();
    }

    public void Dispose()
    {
        // Whoever had it may have it again.
    }

    public override string ToString() => "the simulated disk";

    internal void Count()
    {
        if (CallsUntilFailure-- <= 0)
        {
            CallsUntilFailure = 0;
            throw new IOException("Input/output error");
        }
    }

    /// <summary>Programs do not keep each other's files open; disposing does nothing.</summary>
    private sealed class Handle(SimulatedFile file, Lock gate) : IJournalFile
    {
        public long Length
        {
            get
            {
                lock (gate)
                {
                    return file.Content.Length;
                }
            }
        }

        public void Write(ReadOnlySpan<byte> bytes, long at)
        {
            lock (gate)
            {
                file.Write(bytes, (int)at);
            }
        }

        public int Read(Span<byte> bytes, long at)
        {
            lock (gate)
            {
                var rest = file.Content.AsSpan((int)Math.Min(at, file.Content.Length));
                var count = Math.Min(rest.Length, bytes.Length);
                rest[..count].CopyTo(bytes);
                return count;
            }
        }

        public void Truncate(long length)
        {
            lock (gate)
            {
                file.Truncate((int)length);
            }
        }

        public void Sync()
        {
            lock (gate)
            {
                file.Sync();
            }
        }

        public void Dispose()
        {
        }
    }
}
