namespace Cluster.Coordinator.Journal;

/// <summary>How a journal is kept.</summary>
internal sealed record JournalOptions
{
    /// <summary>When what was written is forced to the disk.</summary>
    public FsyncPolicy Fsync { get; init; } = FsyncPolicy.Always;

    /// <summary>A segment that has so many bytes is closed, and another begun.</summary>
    public long SegmentBytes { get; init; } = 32 << 20;

    /// <summary>A snapshot is made when closed segments have so many bytes.</summary>
    public long CompactBytes { get; init; } = 64 << 20;

    /// <summary>Cut off what follows a damage, instead of refusing to go on. The damaged files are kept under another name.</summary>
    public bool Repair { get; init; }
}
