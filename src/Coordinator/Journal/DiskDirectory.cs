namespace Cluster.Coordinator.Journal;

/// <summary>A folder on a disk.</summary>
internal sealed class DiskDirectory : IJournalDirectory
{
    private readonly string _path;

    /// <summary>Makes the folder if need be.</summary>
    public DiskDirectory(string path) => _path = Directory.CreateDirectory(path).FullName;

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
