using System.Collections.Immutable;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;

namespace Cluster.Compiler;

/// <summary>What texts may use: .NET, as this process runs on it, and the SDK.</summary>
internal static class PlatformReferences
{
    private static readonly string[] Sdk = ["Cluster.Client.dll"];

    /// <summary>Finds the assemblies.</summary>
    /// <param name="directory">Where the compiler's files are, the SDK among them.</param>
    public static ImmutableArray<MetadataReference> Find(string directory) =>
    [
        .. Directory.EnumerateFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*.dll").Order(StringComparer.Ordinal).Where(IsAssembly).Select(static path => MetadataReference.CreateFromFile(path)),
        .. Sdk.Select(name => MetadataReference.CreateFromFile(Path.Combine(directory, name))),
    ];

    // On Windows native libraries are called .dll too.
    private static bool IsAssembly(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        return file.HasMetadata;
    }
}
