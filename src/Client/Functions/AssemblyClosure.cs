namespace Cluster.Client.Functions;

/// <summary>
/// The files that an assembly needs on a node: itself and everything that it refers to, directly or not, except what .NET and the SDK have
/// there already.
/// </summary>
internal sealed class AssemblyClosure
{
    private readonly Dictionary<string, AssemblyFile> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);

    private AssemblyClosure()
    {
    }

    /// <summary>The files, by simple name of the assembly.</summary>
    public IReadOnlyDictionary<string, AssemblyFile> Files => _files;

    /// <summary>Finds the files that an assembly needs.</summary>
    /// <param name="root">The assembly; neither part of .NET nor of the SDK.</param>
    public static AssemblyClosure Of(AssemblyFile root)
    {
        var closure = new AssemblyClosure();
        var pending = new Queue<AssemblyFile>([root]);
        closure._seen.Add(root.Name);
        while (pending.TryDequeue(out var file))
        {
            closure._files.Add(file.Name, file);
            foreach (var reference in file.References.Where(closure._seen.Add))
            {
                // What is found nowhere may never be needed: the worker complains if it is.
                if (Locate(reference, file.Path) is { } path && !FrameworkAssemblies.Contains(path) && AssemblyFiles.Find(path) is { IsSdk: false } found)
                {
                    pending.Enqueue(found);
                }
            }
        }

        return closure;
    }

    // A program finds assemblies in its trusted list; a plug-in, which is not on that list, next to itself first.
    private static string? Locate(string name, string requester)
    {
        var beside = Path.Combine(Path.GetDirectoryName(requester)!, name + ".dll");
        var trusted = FrameworkAssemblies.Trusted.GetValueOrDefault(name);
        var isProgram = FrameworkAssemblies.Trusted.GetValueOrDefault(Path.GetFileNameWithoutExtension(requester)) == requester;
        return isProgram && trusted is not null ? trusted
            : File.Exists(beside) ? beside
            : trusted;
    }
}
