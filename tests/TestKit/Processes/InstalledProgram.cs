namespace Cluster.TestKit.Processes;

/// <summary>Programs of this machine.</summary>
public static class InstalledProgram
{
    /// <summary>Where a program is, as a shell would find it.</summary>
    /// <returns>Null: it is not there.</returns>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
