using System.Reflection;
using System.Runtime.Loader;

namespace Cluster.Worker.Code;

/// <summary>
/// Which assemblies of a job are not loaded from the job's files but shared with the worker, because their types cross the border
/// between the two: the .NET framework, the SDK, and Google.Protobuf, whose messages the worker decodes.
/// </summary>
internal static class SharedAssemblies
{
    private const string Protobuf = "Google.Protobuf";

    private static readonly string FrameworkRoot = Path.GetFullPath(
        Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", ".."));

    private static readonly HashSet<string> OwnNames = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator).Select(path => Path.GetFileNameWithoutExtension(path)).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The worker's own assembly of this name, if it is to be used in place of the job's.</summary>
    /// <param name="name">Simple name.</param>
    /// <param name="shipped">The version that the caller's program has.</param>
    public static Assembly? Find(string name, Version shipped)
    {
        if (!OwnNames.Contains(name))
        {
            return null;
        }

        var assembly = AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(name));
        var isSdk = assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(metadata => metadata.Key == "Cluster.Sdk");
        return isSdk || (IsShareable(assembly) && assembly.GetName().Version >= shipped) ? assembly : null;
    }

    // A newer version than the worker's is loaded beside it: the job then has what it was compiled against, and a type that would have to
    // cross the border is reported when the function is resolved.
    private static bool IsShareable(Assembly assembly) =>
        assembly.GetName().Name == Protobuf || assembly.Location.StartsWith(FrameworkRoot, StringComparison.Ordinal);
}
