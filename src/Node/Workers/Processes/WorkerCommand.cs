using System.Runtime.InteropServices;

namespace Cluster.Node.Workers.Processes;

/// <summary>The program to start for a worker: the .NET host that runs this process, and the worker's assembly beside the node's.</summary>
internal sealed record WorkerCommand(string FileName, IReadOnlyList<string> Arguments)
{
    private const string Assembly = "Cluster.Worker.dll";

    /// <summary>With whom the shared memory ends that tasks make; null: with their worker.</summary>
    public string? MemoryOwner { get; init; }

    /// <summary>Whether tasks may run programs by name.</summary>
    public bool AllowsCommands { get; init; }

    /// <summary>Finds the worker.</summary>
    /// <param name="directory">Where the worker's files are: where the node's assembly is.</param>
    /// <exception cref="FileNotFoundException">The worker's files, or a .NET host, are not where they should be.</exception>
    public static WorkerCommand Find(string directory)
    {
        var assembly = Path.Combine(directory, Assembly);
        foreach (var file in (string[])[assembly, Path.ChangeExtension(assembly, ".runtimeconfig.json")])
        {
            if (!File.Exists(file))
            {
                throw new FileNotFoundException(
                    $"The worker program is not complete: {file} is missing. It is copied to the output of every project that references Cluster.Node or "
                    + "Cluster.Local; rebuild, and when you copy the node elsewhere take its whole folder.", file);
            }
        }

        return new WorkerCommand(FindHost(Environment.ProcessPath, RuntimeEnvironment.GetRuntimeDirectory()), ["exec", assembly]);
    }

    /// <summary>
    /// The <c>dotnet</c> that runs this process; behind an apphost, the one of the runtime that is loaded, so that node and worker
    /// never run on different runtimes.
    /// </summary>
    internal static string FindHost(string? processPath, string runtimeDirectory)
    {
        if (processPath is not null && Path.GetFileNameWithoutExtension(processPath) == "dotnet")
        {
            return processPath;
        }

        // <root>/shared/Microsoft.NETCore.App/<version>/
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var host = Path.GetFullPath(Path.Combine(runtimeDirectory, "..", "..", "..", name));
        return File.Exists(host)
            ? host
            : throw new FileNotFoundException(
                $"No .NET host to start workers with: {host} does not exist. Cluster's programs need a shared .NET runtime; they cannot be published self-contained.", host);
    }
}
