using System.Diagnostics;
using System.Globalization;
using Cluster.Client;

namespace Cluster.Local.Programs;

/// <summary>How the processes of a local cluster are started: their command lines and environment.</summary>
/// <param name="options">What the user asked for.</param>
/// <param name="programs">The programs.</param>
/// <param name="socketPath">Where the coordinator listens for the nodes, known before it runs.</param>
/// <param name="dataPath">Where the coordinator keeps its files.</param>
/// <param name="codePath">Where the nodes keep the code of jobs, together.</param>
internal sealed class LaunchPlan(LocalClusterOptions options, ClusterPrograms programs, string socketPath, string dataPath, string codePath)
{
    private const string TokenVariable = "CLUSTER_TOKEN";

    public string SocketAddress { get; } = $"unix:{socketPath}";

    private IEnumerable<string> CommonArguments => options.Client is { Token: null, TokenFile: { } file }
        ? ["--exit-with-parent", "--token-file", Path.GetFullPath(file)]
        : ["--exit-with-parent"];

    public static string NodeName(int index) => string.Create(CultureInfo.InvariantCulture, $"node-{index + 1}");

    public ProcessStartInfo Coordinator() => WithToken(programs.StartCoordinator(
    [
        "--listen", SocketAddress,
        "--listen", options.Listen.GetLeftPart(UriPartial.Authority),
        "--data-dir", dataPath,
        "--journal", "memory",
        .. options.CoordinatorArguments,
        .. CommonArguments,
    ]));

    public ProcessStartInfo Node(int index)
    {
        List<string> arguments =
        [
            "--coordinator", SocketAddress,
            "--name", NodeName(index),
            "--workers", Text(options.EffectiveWorkersPerNode),
            "--cache-dir", codePath,
            .. CommonArguments,
        ];
        if (options.ThreadsPerWorker is { } threads)
        {
            arguments.AddRange(["--threads", Text(threads)]);
        }

        if (options.AllowCommands)
        {
            arguments.Add("--allow-commands");
        }

        if (options.MaxTasksPerWorker is { } tasks)
        {
            arguments.AddRange(["--max-tasks-per-worker", Text(tasks)]);
        }

        if (options.Nodes > 1)
        {
            // They share the machine.
            arguments.AddRange(["--memory", Text(Math.Max(1, 100 / options.Nodes)) + "%"]);
        }

        if (options.WorkerMemoryMiB is { } memory)
        {
            arguments.AddRange(["--worker-memory", Text(memory)]);
        }

        if (index < options.NodeLabels.Count)
        {
            arguments.AddRange(options.NodeLabels[index].SelectMany(label => (string[])["--label", $"{label.Key}={label.Value}"]));
        }

        return WithToken(programs.StartNode(arguments));
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    // Not on the command line, which every user of the machine can read.
    private ProcessStartInfo WithToken(ProcessStartInfo startInfo)
    {
        if (options.Client.Token is { } token)
        {
            startInfo.Environment[TokenVariable] = token;
        }

        return startInfo;
    }
}
