namespace Cluster.Coordinator.Journal;

/// <summary>A folder on a disk, for this process alone until it is disposed.</summary>
internal sealed class DiskDirectory : IJournalDirectory
{
    private readonly string _path;
    private readonly FileStream _lock;

    /// <summary>Makes the folder if need be.</summary>
    /// <exception cref="IOException">Another process has it.</exception>
    public DiskDirectory(string path)
    {
        _path = Directory.CreateDirectory(path).FullName;
        _lock = FolderLock.Take(_path);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    /// <inheritdoc/>
    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles(_path).Select(static path => Path.GetFileName(path))];

    /// <inheritdoc/>
    public IJournalFile Create(string name) => new DiskFile(PathOf(name), FileMode.CreateNew);

    /// <inheritdoc/>
    public IJournalFile Open(string name) => new DiskFile(PathOf(name), FileMode.Open);

    /// <inheritdoc/>
    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to), overwrite: true);

    /// <inheritdoc/>
    public void Delete(string name) => File.Delete(PathOf(name));

    /// <inheritdoc/>
    public void Sync() => DirectorySync.Sync(_path);

    /// <inheritdoc/>
    public override string ToString() => _path;

    private string PathOf(string name) => Path.Combine(_path, name);
}
