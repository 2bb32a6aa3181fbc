namespace Cluster.TestKit.Processes;

/// <summary>The programs of the cluster as the build puts them beside whoever embeds them, compiled to machine code: they start in half of the time that others take.</summary>
public static class ClusterProgram
{
    /// <summary>The coordinator.</summary>
    public static string Coordinator { get; } = Of("Cluster.Coordinator.dll");

    /// <summary>A node.</summary>
    public static string Node { get; } = Of("Cluster.Node.dll");

    private static string Of(string file) => BuildOutput.Of("src/Local", Path.Combine("cluster-programs", file));
}
