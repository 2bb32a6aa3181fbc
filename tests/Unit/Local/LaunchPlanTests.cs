using Cluster.Client;
using Cluster.Local.Programs;
using Xunit;

namespace Cluster.Unit.Local;

public sealed class LaunchPlanTests
{
    private static readonly ClusterPrograms Programs = ClusterPrograms.Locate(directory: null);

    [Fact]
    public void The_coordinator_listens_for_nodes_and_for_others()
    {
        var arguments = Plan(new LocalClusterOptions()).Coordinator().ArgumentList;
        Assert.Equal(
            ["--listen", "unix:/run/c.sock", "--listen", "http://127.0.0.1:0", "--data-dir", "/run/data", "--journal", "memory", "--exit-with-parent"],
            arguments.Skip(2));
    }

    [Fact]
    public void A_node_dials_the_socket_with_its_share_of_workers()
    {
        var options = new LocalClusterOptions
        {
            Nodes = 2,
            WorkersPerNode = 3,
            ThreadsPerWorker = 4,
            MaxTasksPerWorker = 100,
            WorkerMemoryMiB = 150,
            NodeLabels = [new Dictionary<string, string>(), new Dictionary<string, string> { ["gpu"] = "yes" }],
        };
        var arguments = Plan(options).Node(1).ArgumentList.Skip(2).ToArray();
        Assert.Equal(["--coordinator", "unix:/run/c.sock", "--name", "node-2", "--workers", "3", "--cache-dir", "/run/code"], arguments[..8]);
        Assert.Equal(["--threads", "4", "--max-tasks-per-worker", "100", "--memory", "50%", "--worker-memory", "150", "--label", "gpu=yes"], arguments[^10..]);
    }

    [Fact]
    public void A_node_that_has_the_machine_for_itself_may_use_all_of_its_memory() =>
        Assert.DoesNotContain("--memory", Plan(new LocalClusterOptions()).Node(0).ArgumentList);

    [Fact]
    public void Workers_are_the_processors_divided_by_the_nodes()
    {
        Assert.Equal(Environment.ProcessorCount, new LocalClusterOptions().EffectiveWorkersPerNode);
        Assert.Equal(1, new LocalClusterOptions { Nodes = 10_000 }.EffectiveWorkersPerNode);
    }

    [Fact]
    public void A_token_travels_in_the_environment_and_not_on_the_command_line()
    {
        var node = Plan(new LocalClusterOptions { Client = new ClusterClientOptions { Token = "secret" } }).Node(0);
        Assert.Equal("secret", node.Environment["CLUSTER_TOKEN"]);
        Assert.DoesNotContain(node.ArgumentList, argument => argument.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void A_token_file_is_handed_on()
    {
        var node = Plan(new LocalClusterOptions { Client = new ClusterClientOptions { TokenFile = "/etc/token" } }).Node(0);
        Assert.Equal("/etc/token", node.ArgumentList.SkipWhile(argument => argument != "--token-file").ElementAt(1));
    }

    private static LaunchPlan Plan(LocalClusterOptions options) => new(options, Programs, "/run/c.sock", "/run/data", "/run/code");
}
