namespace Cluster.Coordinator.Hosting;

/// <summary>A folder that goes when the coordinator goes.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private TemporaryDirectory(string path) => Path = path;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Creates a folder that only this user can read.</summary>
    public static TemporaryDirectory Create() => new(Directory.CreateTempSubdirectory("cluster-coordinator-").FullName);

    /// <summary>Removes the folder and what is in it.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
