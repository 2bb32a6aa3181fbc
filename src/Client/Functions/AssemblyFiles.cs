using System.Collections.Concurrent;

namespace Cluster.Client.Functions;

/// <summary>Remembers what is known about files of code until they change, for the whole process.</summary>
internal static class AssemblyFiles
{
    private static readonly ConcurrentDictionary<(string Path, long Length, DateTime Modified), AssemblyFile?> Known = new();

    /// <summary>Reads a file, or recalls what was read.</summary>
    /// <returns>Null if there is no such file, or it is not an assembly.</returns>
    public static AssemblyFile? Find(string path)
    {
        var info = new FileInfo(path);
        return info.Exists
            ? Known.GetOrAdd((path, info.Length, info.LastWriteTimeUtc), static key => AssemblyFile.TryRead(key.Path))
            : null;
    }
}
