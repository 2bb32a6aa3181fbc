using System.Runtime.InteropServices;

namespace Cluster.Local.Programs;

/// <summary>Finds the <c>dotnet</c> that runs other programs on the same runtime as this one.</summary>
internal static class DotnetHost
{
    private static readonly string FileName = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";

    public static string Find() => Find(
        Environment.ProcessPath,
        RuntimeEnvironment.GetRuntimeDirectory(),
        Environment.GetEnvironmentVariable,
        File.Exists);

    /// <summary>
    /// The host that runs this process; else the one beside this process's shared framework; else what the environment names; else,
    /// for self-contained programs, whatever the search path holds.
    /// </summary>
    internal static string Find(string? processPath, string runtimeDirectory, Func<string, string?> variable, Func<string, bool> exists)
    {
        if (processPath is not null && Path.GetFileName(processPath) == FileName)
        {
            return processPath;
        }

        // <root>/shared/Microsoft.NETCore.App/<version>/
        var besideFramework = Path.GetFullPath(Path.Combine(runtimeDirectory, "..", "..", "..", FileName));
        if (exists(besideFramework))
        {
            return besideFramework;
        }

        if (variable("DOTNET_HOST_PATH") is { Length: > 0 } hostPath && exists(hostPath))
        {
            return hostPath;
        }

        return variable("DOTNET_ROOT") is { Length: > 0 } root && exists(Path.Combine(root, FileName))
            ? Path.Combine(root, FileName)
            : FileName;
    }
}
