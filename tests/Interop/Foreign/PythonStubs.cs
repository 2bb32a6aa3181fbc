namespace Cluster.Interop.Foreign;

/// <summary>A folder with the Python scripts and the stubs that protoc makes for them.</summary>
internal static class PythonStubs
{
    public static async Task<string> CreateAsync(CancellationToken cancellationToken)
    {
        string directory = Directory.CreateTempSubdirectory("grpc-python").FullName;
        await using ForeignProcess protoc = ForeignProcess.Start(
            "protoc",
            [
                $"-I{ForeignTools.ProtoDirectory}",
                $"--python_out={directory}",
                $"--grpc_out={directory}",
                $"--plugin=protoc-gen-grpc={ForeignTools.FindOnPath("grpc_python_plugin")}",
                .. Directory.GetFiles(Path.Combine(ForeignTools.ProtoDirectory, "grpc", "testing"), "*.proto"),
            ],
            directory);
        (int exitCode, _, string errors) = await protoc.WaitAsync(cancellationToken);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"protoc failed: {errors}");
        }

        // The stubs live in grpc/testing, which must not hide the package grpc itself: they are imported from one flat folder.
        foreach (string stub in Directory.GetFiles(Path.Combine(directory, "grpc", "testing"), "*.py"))
        {
            string text = await File.ReadAllTextAsync(stub, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(directory, Path.GetFileName(stub)), text.Replace("from grpc.testing import", "import", StringComparison.Ordinal), cancellationToken);
        }

        Directory.Delete(Path.Combine(directory, "grpc"), recursive: true);
        foreach (string script in Directory.GetFiles(Path.Combine(ForeignTools.ProjectDirectory, "Python"), "*.py"))
        {
            File.Copy(script, Path.Combine(directory, Path.GetFileName(script)));
        }

        return directory;
    }
}
