namespace Cluster.Protocol.Memory;

/// <summary>
/// Owns segments for as long as its process lives: a lock, which the system takes away when the process ends, however it does. Of those who are gone, the next one
/// that sweeps the folder removes the segments.
/// </summary>
public sealed class SegmentOwner : IDisposable
{
    /// <summary>Tells workers whose their segments are: their node's, which outlives them.</summary>
    public const string Variable = "CLUSTER_SHARED_MEMORY_OWNER";

    private const int MaxAttempts = 20;

    private readonly SegmentFolder _folder;
    private readonly FileStream _held;

    private SegmentOwner(SegmentFolder folder, string id, FileStream held) => (_folder, Id, _held) = (folder, id, held);

    /// <summary>Names it in its segments.</summary>
    public string Id { get; }

    /// <summary>A new one.</summary>
    /// <param name="folder">Where its segments are.</param>
    /// <exception cref="IOException">There is no room for a lock.</exception>
    public static SegmentOwner Register(SegmentFolder folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var id = Guid.NewGuid().ToString("N");
                var held = Take(Path.Combine(folder.Owners, id), FileMode.CreateNew);
                if (File.Exists(held.Name))
                {
                    return new SegmentOwner(folder, id, held);
                }

                // A sweep found it in the moment before it was locked, and took it for an abandoned one.
                held.Dispose();
            }
            catch (IOException) when (attempt < MaxAttempts)
            {
                // The same, and the sweep has it locked still. What else is wrong stays wrong.
            }
        }
    }

    /// <summary>Whether an owner is known in a folder. One that is gone and not swept yet counts.</summary>
    /// <param name="folder">Which.</param>
    /// <param name="id">Its id.</param>
    public static bool IsKnown(SegmentFolder folder, string id) => id.Length > 0 && File.Exists(Path.Combine(folder.Owners, Path.GetFileName(id)));

    /// <summary>Removes what it owns.</summary>
    public void Dispose()
    {
        _folder.RemoveOf(Id);
        File.Delete(_held.Name);
        _held.Dispose();
    }

    /// <summary>Locks the file of an owner, if nobody has it locked.</summary>
    /// <returns>Null: its owner lives, or somebody else removes it right now.</returns>
    internal static FileStream? TryTake(string path)
    {
        try
        {
            return Take(path, FileMode.Open);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static FileStream Take(string path, FileMode mode) =>
        new(path, mode, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None, bufferSize: 0);
}
