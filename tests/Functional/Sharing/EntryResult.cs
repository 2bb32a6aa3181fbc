namespace Cluster.Functional.Sharing;

/// <summary>What came of a call about an entry of a dictionary.</summary>
/// <param name="Done">It was found, set, added or removed.</param>
/// <param name="Value">What was read, or the sum.</param>
/// <param name="Version">The entry's version then; 0: there is none, or the call does not tell.</param>
internal sealed record EntryResult(bool Done, long Value = 0, long Version = 0)
{
    public override string ToString() => $"{(Done ? "done" : "not done")}, value {Value}, version {Version}";
}
