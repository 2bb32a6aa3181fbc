namespace Cluster.Node.Hosting;

/// <summary>How much of the memory that there is a node may use.</summary>
/// <param name="Bytes">So much, or all if that is less; null: by <paramref name="Percent"/>.</param>
/// <param name="Percent">Such a part of it.</param>
internal readonly record struct MemoryShare(long? Bytes, int Percent)
{
    /// <summary>All of it.</summary>
    public static readonly MemoryShare All = new(null, 100);

    /// <param name="there">Bytes that there are.</param>
    public long Of(long there) => Math.Min(there, Bytes ?? (long)(there / 100.0 * Percent));
}
