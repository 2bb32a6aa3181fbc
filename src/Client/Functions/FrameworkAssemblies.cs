using System.Reflection;
using System.Text.Json;

namespace Cluster.Client.Functions;

/// <summary>Which assemblies belong to .NET, and so are on every node already.</summary>
internal static class FrameworkAssemblies
{
    /// <summary>What the runtime may load without being told where, by simple name.</summary>
    public static IReadOnlyDictionary<string, string> Trusted { get; } = ((AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string) ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .DistinctBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase);

    // …/shared/Microsoft.NETCore.App/10.0.0/System.Private.CoreLib.dll. A self-contained program has the framework in its own folder instead.
    private static readonly string CoreFolder = Path.GetDirectoryName(typeof(object).Assembly.Location) ?? "";

    private static readonly bool IsSelfContained = CoreFolder.Length == 0 || SameFolder(CoreFolder, AppContext.BaseDirectory);

    private static readonly string SharedRoot = IsSelfContained
        ? ""
        : Path.GetFullPath(Path.Combine(CoreFolder, "..", "..")) + Path.DirectorySeparatorChar;

    private static readonly Lazy<HashSet<string>> Bundled = new(ReadRuntimePacks);

    /// <summary>Whether a loaded assembly belongs to .NET.</summary>
    public static bool Contains(Assembly assembly) =>
        assembly == typeof(object).Assembly || (!assembly.IsDynamic && assembly.Location is { Length: > 0 } path && Contains(path));

    /// <summary>Whether a file belongs to .NET.</summary>
    public static bool Contains(string path) => IsSelfContained
        ? SameFolder(Path.GetDirectoryName(path) ?? "", CoreFolder) && Bundled.Value.Contains(Path.GetFileName(path))
        : path.StartsWith(SharedRoot, StringComparison.Ordinal);

    private static bool SameFolder(string left, string right) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(left.Length == 0 ? "." : left))
        == Path.TrimEndingDirectorySeparator(Path.GetFullPath(right.Length == 0 ? "." : right));

    // The program's .deps.json says which of its files came out of the runtime packs.
    private static HashSet<string> ReadRuntimePacks()
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in ((AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            using var stream = File.OpenRead(path);
            using var document = JsonDocument.Parse(stream);
            var targets = document.RootElement.GetProperty("targets").EnumerateObject();
            foreach (var library in targets.SelectMany(target => target.Value.EnumerateObject()))
            {
                if (library.Name.StartsWith("runtimepack.", StringComparison.Ordinal) && library.Value.TryGetProperty("runtime", out var files))
                {
                    names.UnionWith(files.EnumerateObject().Select(file => Path.GetFileName(file.Name)));
                }
            }
        }

        return names;
    }
}
