using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Cluster.Coordinator.Lambdas;

/// <summary>The program to start for a compiler: the .NET host that runs this process, and the compiler's assembly beside the coordinator's.</summary>
/// <param name="FileName">The host.</param>
/// <param name="Arguments">What it is to run.</param>
internal sealed record CompilerCommand(string FileName, IReadOnlyList<string> Arguments)
{
    private const string Assembly = "Cluster.Compiler.dll";
    private const string HostName = "dotnet";

    /// <summary>Finds the compiler.</summary>
    /// <param name="directory">Where its files are: where the coordinator's are.</param>
    /// <exception cref="FileNotFoundException">They are not, or there is no .NET host.</exception>
    public static CompilerCommand Find(string directory)
    {
        var assembly = Path.Combine(directory, Assembly);
        foreach (var file in (string[])[assembly, Path.ChangeExtension(assembly, ".runtimeconfig.json")])
        {
            if (!File.Exists(file))
            {
                throw new FileNotFoundException($"The coordinator's compiler is not complete: {file} is missing. Copy the coordinator with its whole folder.", file);
            }
        }

        return new CompilerCommand(FindHost(Environment.ProcessPath, RuntimeEnvironment.GetRuntimeDirectory()), ["exec", assembly]);
    }

    /// <summary>How the process is started.</summary>
    /// <param name="maxHeapBytes">How much memory it may allocate.</param>
    public ProcessStartInfo ToStartInfo(long maxHeapBytes)
    {
        var start = new ProcessStartInfo(FileName, Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

        // Texts of strangers are read there; secrets have no business beside them.
        foreach (var name in start.Environment.Keys.Where(static name => name == "CLUSTER_TOKEN" || name.StartsWith("OTEL_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_GCHeapHardLimit"] = maxHeapBytes.ToString("x", CultureInfo.InvariantCulture);

        // They are killed as a matter of course; what the runtime keeps in the temp folder for debuggers would stay behind, and a crash would write a dump.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        return start;
    }

    /// <summary>The <c>dotnet</c> that runs this process; behind an apphost, or inside of another program, the one of the runtime that is loaded.</summary>
    internal static string FindHost(string? processPath, string runtimeDirectory)
    {
        if (processPath is not null && Path.GetFileNameWithoutExtension(processPath) == HostName)
        {
            return processPath;
        }

        // <root>/shared/Microsoft.NETCore.App/<version>/
        var host = Path.GetFullPath(Path.Combine(runtimeDirectory, "..", "..", "..", OperatingSystem.IsWindows() ? $"{HostName}.exe" : HostName));
        return File.Exists(host)
            ? host
            : throw new FileNotFoundException($"No .NET host to start compilers with: {host} does not exist. Cluster's programs need a shared .NET runtime; they cannot be published self-contained.", host);
    }
}
