namespace Cluster.Node.Code;

/// <summary>What a cache has.</summary>
/// <param name="Name">For people: what a file is.</param>
/// <param name="Suffix">What the names of files end with.</param>
/// <param name="MaxBytes">How many bytes are kept; the files that nobody has asked for longest go first. Null: all of them.</param>
internal sealed record CachedKind(string Name, string Suffix, long? MaxBytes = null)
{
    /// <summary>Code: a job's takes little room, and the next one needs it too.</summary>
    public static readonly CachedKind Assembly = new("assembly", ".dll");

    /// <summary>Values for many tasks.</summary>
    public static readonly CachedKind Broadcast = new("broadcast", ".value", MaxBytes: 16L << 30);
}
