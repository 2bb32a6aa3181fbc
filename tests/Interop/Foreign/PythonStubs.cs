using Cluster.TestKit.Processes;

namespace Cluster.Interop.Foreign;

/// <summary>A folder with the Python scripts and the stubs that protoc makes for them.</summary>
internal static class PythonStubs
{
    public static async Task<string> CreateAsync(CancellationToken cancellationToken)
    {
        string directory = Directory.CreateTempSubdirectory("grpc-python").FullName;
        await GenerateAsync(directory, ForeignTools.ProtoDirectory, Path.Combine(ForeignTools.ProtoDirectory, "grpc", "testing"), cancellationToken);

        // The stubs live in grpc/testing, which must not hide the package grpc itself: they are imported from one flat folder.
        foreach (string stub in Directory.GetFiles(Path.Combine(directory, "grpc", "testing"), "*.py"))
        {
            string text = await File.ReadAllTextAsync(stub, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(directory, Path.GetFileName(stub)), text.Replace("from grpc.testing import", "import", StringComparison.Ordinal), cancellationToken);
        }

        Directory.Delete(Path.Combine(directory, "grpc"), recursive: true);
        CopyScripts(directory);
        return directory;
    }

    /// <summary>The same with the coordinator's services.</summary>
    public static async Task<string> CreateForClusterAsync(CancellationToken cancellationToken)
    {
        string directory = Directory.CreateTempSubdirectory("cluster-python").FullName;
        foreach (string contracts in (string[])["cluster", "externalscaler", "grpc"])
        {
            await GenerateAsync(directory, ForeignTools.ClusterProtoDirectory, Path.Combine(ForeignTools.ClusterProtoDirectory, contracts), cancellationToken);
        }

        CopyScripts(directory);
        return directory;
    }

    private static async Task GenerateAsync(string directory, string root, string folder, CancellationToken cancellationToken)
    {
        await using ForeignProcess protoc = ForeignProcess.Start(
            "protoc",
            [
                $"-I{root}",
                $"-I{ForeignTools.ProtobufIncludes}",
                $"--python_out={directory}",
                $"--grpc_out={directory}",
                $"--plugin=protoc-gen-grpc={InstalledProgram.Find("grpc_python_plugin")}",
                .. Directory.GetFiles(folder, "*.proto", SearchOption.AllDirectories),
            ],
            directory);
        (int exitCode, _, string errors) = await protoc.WaitAsync(cancellationToken);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"protoc failed: {errors}");
        }
    }

    private static void CopyScripts(string directory)
    {
        foreach (string script in Directory.GetFiles(Path.Combine(ForeignTools.ProjectDirectory, "Python"), "*.py"))
        {
            File.Copy(script, Path.Combine(directory, Path.GetFileName(script)));
        }
    }
}
