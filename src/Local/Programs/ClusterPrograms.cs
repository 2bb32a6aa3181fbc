using System.Diagnostics;
using Cluster.Client;

namespace Cluster.Local.Programs;

/// <summary>The programs of the cluster, where the build has put them.</summary>
internal sealed class ClusterPrograms
{
    private const string Folder = "cluster-programs";
    private const string Coordinator = "Cluster.Coordinator.dll";
    private const string Node = "Cluster.Node.dll";

    private readonly string _host;
    private readonly string _directory;

    private ClusterPrograms(string host, string directory)
    {
        _host = host;
        _directory = directory;
    }

    /// <exception cref="LocalClusterException">The programs are not there.</exception>
    public static ClusterPrograms Locate(string? directory)
    {
        directory = Path.GetFullPath(directory ?? Path.Combine(AppContext.BaseDirectory, Folder));
        foreach (var program in (string[])[Coordinator, Node])
        {
            if (!File.Exists(Path.Combine(directory, program)))
            {
                throw new LocalClusterException(
                    $"The local cluster's program {program} is not in {directory}. A build of a project that references Cluster.Local puts it into " +
                    $"{Folder}/ of the output; copy that folder along with your program, or name it in {nameof(LocalClusterOptions)}.{nameof(LocalClusterOptions.ProgramsDirectory)}.");
            }
        }

        return new ClusterPrograms(DotnetHost.Find(), directory);
    }

    public ProcessStartInfo StartCoordinator(params IEnumerable<string> arguments) => Start(Coordinator, arguments);

    public ProcessStartInfo StartNode(params IEnumerable<string> arguments) => Start(Node, arguments);

    private ProcessStartInfo Start(string program, IEnumerable<string> arguments) =>
        new(_host, ["exec", Path.Combine(_directory, program), .. arguments]);
}
