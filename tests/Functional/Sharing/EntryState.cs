namespace Cluster.Functional.Sharing;

/// <summary>An entry of a dictionary.</summary>
/// <param name="Value">What is there; null: nothing.</param>
/// <param name="Version">Its version; 0: nothing is there. <see cref="Untold"/>: whoever wrote it was not told.</param>
/// <param name="Floor">The highest version that was told so far: a new one is above it.</param>
internal sealed record EntryState(long? Value, long Version, long Floor)
{
    public const long Untold = -1;

    /// <summary>Whether the entry may have a version.</summary>
    public bool MayHave(long version) => Version == Untold ? version > Floor : version == Version;

    /// <summary>Another value, whose writer was told its version.</summary>
    public static EntryState Told(long? value, long version) => new(value, version, version);

    /// <summary>Another value, of whose version nobody knows more than that it is a new one.</summary>
    public EntryState Changed(long value) => new(value, Untold, Floor);
}
