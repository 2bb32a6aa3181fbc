namespace Cluster.TestKit.Processes;

/// <summary>Where the projects of this repository are built, in the configuration of the running tests.</summary>
public static class BuildOutput
{
    /// <param name="project">Folder of the project, such as <c>src/Cli</c>.</param>
    /// <param name="file">A file of its output.</param>
    public static string Of(string project, string file)
    {
        // tests/<kind>/bin/<configuration>/net10.0
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var root = output.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        var path = Path.Combine(root, project, "bin", output.Parent.Name, output.Name, file);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not built.", path);
    }
}
