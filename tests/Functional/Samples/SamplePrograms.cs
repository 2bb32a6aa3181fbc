namespace Cluster.Functional.Samples;

/// <summary>Where the samples are built: beside these tests, in the same configuration.</summary>
internal static class SamplePrograms
{
    public static string PathOf(string name)
    {
        // tests/Functional/bin/<configuration>/net10.0
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = output.Parent!.Name;
        var root = output.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "samples", name, "bin", configuration, output.Name, $"Cluster.Samples.{name}.dll");
    }
}
