namespace Cluster.Coordinator.Functions;

/// <summary>A file that an earlier run left and that has not been compared with its name yet.</summary>
/// <param name="length">Its length at the start, which is what the store has reserved for it.</param>
internal sealed class LeftFile(long length)
{
    /// <summary>Its length in bytes.</summary>
    public long Length { get; } = length;

    /// <summary>Held by the one who verifies it.</summary>
    public SemaphoreSlim Gate { get; } = new(1);
}
