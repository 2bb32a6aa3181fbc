using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace Cluster.Worker.Code;

/// <summary>
/// Loads assemblies from files that never change, isolated from other contexts and collectible. It must not refer to anything made from
/// its own types: the runtime keeps an unloading context alive until all of them are gone, which would then be never.
/// </summary>
internal sealed class JobLoadContext : AssemblyLoadContext
{
    private readonly IReadOnlyDictionary<string, string> _paths;
    private readonly ConcurrentDictionary<string, byte> _missing = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="paths">Where the files are, by simple name of the assembly.</param>
    public JobLoadContext(IReadOnlyDictionary<string, string> paths)
        : base("job code", isCollectible: true)
    {
        _paths = paths;
        Resolving += (_, name) =>
        {
            _missing.TryAdd(name.Name!, 0);
            return null;
        };
    }

    /// <summary>Whether an assembly was looked for and found nowhere.</summary>
    public bool IsMissing(string name) => _missing.ContainsKey(name);

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (!_paths.TryGetValue(assemblyName.Name!, out var path))
        {
            return null;
        }

        return SharedAssemblies.Find(assemblyName.Name!, GetAssemblyName(path).Version!) ?? LoadFromAssemblyPath(path);
    }
}
