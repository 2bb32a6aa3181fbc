namespace Cluster.Coordinator.Journal;

/// <summary>Keeps a folder for one process, which gives it back when it ends, however it does.</summary>
internal static class FolderLock
{
    private const string Name = "lock";

    /// <exception cref="IOException">Another process has it.</exception>
    public static FileStream Take(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            return new FileStream(Path.Combine(folder, Name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new IOException($"The folder {folder} is not to be had: another coordinator uses it, or the disk refuses ({exception.Message}). End that one, or give this one its own --data-dir.", exception);
        }
    }
}
