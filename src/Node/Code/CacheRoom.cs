namespace Cluster.Node.Code;

/// <summary>Keeps a cache within its limit.</summary>
internal static class CacheRoom
{
    /// <summary>Somebody uses a file: others go first.</summary>
    public static void Use(string path, CachedKind kind, TimeProvider time)
    {
        if (kind.MaxBytes is null)
        {
            return;
        }

        try
        {
            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
        }
        catch (IOException)
        {
            // Another node has removed it in this moment; whoever opens it asks again.
        }
    }

    /// <summary>Removes files until there is room for another one. A worker that has one mapped goes on with it.</summary>
    public static void Make(string directory, CachedKind kind, long needed)
    {
        if (kind.MaxBytes is not { } limit)
        {
            return;
        }

        FileInfo[] files = [.. new DirectoryInfo(directory).EnumerateFiles($"*{kind.Suffix}").OrderBy(static file => file.LastWriteTimeUtc)];
        var total = files.Sum(static file => file.Length);
        foreach (var file in files.TakeWhile(file => total + needed > limit))
        {
            total -= file.Length;
            file.Delete();
        }
    }
}
