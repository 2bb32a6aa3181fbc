namespace Cluster.Unit.Coordinator.Journal;

/// <summary>A file of a <see cref="SimulatedDisk"/>: what programs see, and what is on the platter.</summary>
internal sealed class SimulatedFile(SimulatedDisk disk)
{
    private const int SectorBytes = 512;

    private byte[] _durable = [];

    /// <summary>What programs see.</summary>
    public byte[] Content { get; set; } = [];

    public void Write(ReadOnlySpan<byte> bytes, int at)
    {
        var fitting = (int)Math.Min(bytes.Length, disk.Room);
        var failure = default(IOException);
        try
        {
            disk.Count();
        }
        catch (IOException exception)
        {
            // A short write.
            (fitting, failure) = (fitting / 2, exception);
        }

        var content = Content;
        Array.Resize(ref content, Math.Max(content.Length, at + fitting));
        bytes[..fitting].CopyTo(content.AsSpan(at));
        Content = content;
        disk.Room -= fitting;
        if (failure is not null)
        {
            throw failure;
        }

        if (fitting < bytes.Length)
        {
            throw new IOException("No space left on device");
        }
    }

    public void Truncate(int length)
    {
        disk.Count();
        Content = Content[..Math.Min(length, Content.Length)];
    }

    public void Sync()
    {
        disk.Count();
        _durable = [.. Content];
    }

    /// <summary>Sectors that were not forced to the disk are the new ones or the old ones; the file's length is somewhere between, on a sector or not.</summary>
    public void Crash(Random random)
    {
        var (shorter, longer) = _durable.Length < Content.Length ? (_durable, Content) : (Content, _durable);
        var length = random.Next(3) switch
        {
            0 => _durable.Length,
            1 => Content.Length,
            _ => random.Next(shorter.Length, longer.Length + 1),
        };
        var after = new byte[length];
        _durable.AsSpan(0, Math.Min(length, _durable.Length)).CopyTo(after);
        for (var at = 0; at < Math.Min(length, Content.Length); at += SectorBytes)
        {
            var end = Math.Min(Math.Min(at + SectorBytes, length), Content.Length);
            if (random.Next(2) == 0)
            {
                Content.AsSpan(at..end).CopyTo(after.AsSpan(at));
            }
        }

        Content = after;
        _durable = [.. after];
    }
}
