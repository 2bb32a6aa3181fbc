using System.Globalization;

namespace Cluster.Coordinator.Journal;

/// <summary>The names of a journal's files: their kind, and the number in their header.</summary>
internal static class FileNames
{
    /// <summary>Of what is being written and does not count yet.</summary>
    public const string Unfinished = ".tmp";

    /// <summary>Of what a repair has put aside.</summary>
    public const string Damaged = ".damaged";

    private const string SegmentSuffix = ".log";
    private const string SnapshotSuffix = ".snapshot";

    public static string Segment(ulong first) => string.Create(CultureInfo.InvariantCulture, $"{first:x16}{SegmentSuffix}");

    public static string Snapshot(ulong last) => string.Create(CultureInfo.InvariantCulture, $"{last:x16}{SnapshotSuffix}");

    public static bool IsSegment(string name, out ulong first) => TryRead(name, SegmentSuffix, out first);

    public static bool IsSnapshot(string name, out ulong last) => TryRead(name, SnapshotSuffix, out last);

    /// <summary>The numbers of the segments in a folder, in order.</summary>
    public static ulong[] Segments(IJournalDirectory directory) => Numbers(directory, SegmentSuffix);

    /// <summary>The numbers of the snapshots in a folder, in order.</summary>
    public static ulong[] Snapshots(IJournalDirectory directory) => Numbers(directory, SnapshotSuffix);

    private static ulong[] Numbers(IJournalDirectory directory, string suffix) =>
        [.. directory.List().Select(name => TryRead(name, suffix, out ulong number) ? number : (ulong?)null).OfType<ulong>().Order()];

    private static bool TryRead(string name, string suffix, out ulong number)
    {
        number = 0;
        return name.EndsWith(suffix, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(0, name.Length - suffix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
    }
}
