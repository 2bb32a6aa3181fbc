using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using Cluster.Protocol.Code;

namespace Cluster.Worker.Code;

/// <summary>
/// The code of one content, in a load context of its own. Another build of the same assembly is another content, hence another context, and
/// both live side by side.
/// </summary>
internal sealed class CodeContext
{
    private readonly Dictionary<string, string> _paths;
    private readonly JobLoadContext _loader;

    /// <param name="paths">Where the files of the content are, by simple name of the assembly.</param>
    public CodeContext(IReadOnlyDictionary<string, string> paths)
    {
        _paths = new Dictionary<string, string>(paths, StringComparer.OrdinalIgnoreCase);
        _loader = new JobLoadContext(_paths);
    }

    /// <summary>
    /// For the captured values of this code. Options of its own, because serializers remember the types that they have seen and would
    /// keep them loaded.
    /// </summary>
    public JsonSerializerOptions CaptureOptions { get; } = CaptureJson.CreateOptions();

    /// <summary>What has been emitted for methods of this code.</summary>
    public ItemFunctionFactory ItemFunctions { get; } = new();

    /// <summary>Simple names of the assemblies that came with the code.</summary>
    public IEnumerable<string> Names => _paths.Keys;

    /// <summary>Finds an assembly by its simple name: among the code, else in the worker.</summary>
    /// <exception cref="FileNotFoundException">There is none; <see cref="ExplainMissing"/> says who needs it.</exception>
    public Assembly Load(string name) => _loader.LoadFromAssemblyName(new AssemblyName(name));

    /// <summary>Lets go of the code. What still runs goes on; the memory is freed when nothing refers to it any more.</summary>
    public void Unload() => _loader.Unload();

    /// <summary>Says which assembly could not be found and what refers to it, if that is why something failed.</summary>
    /// <param name="exception">What the runtime threw, while the function was resolved or while it ran.</param>
    /// <returns>A text for the caller; null if the failure has another cause.</returns>
    public string? ExplainMissing(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is FileNotFoundException { FileName: { } file } && TryParseName(file) is { } name && _loader.IsMissing(name))
            {
                var users = _paths.Where(path => References(path.Value).Contains(name, StringComparer.OrdinalIgnoreCase))
                    .Select(path => path.Key).Order(StringComparer.Ordinal).ToArray();
                var needed = users.Length > 0 ? $", which {string.Join(" and ", users)} needs" : "";
                return $"The assembly {name}{needed}, did not come with the code and the worker does not have it. "
                    + $"It was not next to the calling program either: make sure that {name}.dll is in its output folder, then run it again.";
            }
        }

        return null;
    }

    private static string? TryParseName(string fileName)
    {
        try
        {
            return new AssemblyName(fileName).Name;
        }
        catch (FileLoadException)
        {
            // The runtime names a file here where the user's own code failed to open one.
            return null;
        }
    }

    private static List<string> References(string path)
    {
        using var reader = new PEReader(File.OpenRead(path));
        var metadata = reader.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
