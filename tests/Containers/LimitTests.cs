using System.Text.Json;
using Cluster.Client;
using Cluster.Containers.Engine;
using Cluster.Containers.Running;
using Xunit;

namespace Cluster.Containers;

/// <summary>What a container's limits do to a node and to the code that runs there.</summary>
public sealed class LimitTests(Ground ground)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task There_are_as_many_workers_as_the_limit_has_processors()
    {
        ground.Require();
        await using var cluster = await ContainerCluster.StartAsync(ground.Podman, Token);
        await cluster.AddNodeAsync("half", Token, cpus: 0.5);
        await cluster.AddNodeAsync("one", Token, cpus: 1);
        await cluster.AddNodeAsync("two", Token, cpus: 2);

        var slots = (await cluster.RunCommandAsync("nodes", ["--json"], Token)).Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .ToDictionary(node => node.GetProperty("name").GetString()!, node => node.GetProperty("slots").GetInt32());
        Assert.Equal(new Dictionary<string, int> { ["half"] = 1, ["one"] = 1, ["two"] = Math.Min(2, Environment.ProcessorCount) }, slots);

        // And each of them is a process that works.
        var jobs = slots.ToDictionary(node => node.Key, node => FindWorkersAsync(cluster, node.Key, node.Value));
        await cluster.Runs.WaitAsync(runs => slots.All(node => runs.BegunOn(node.Key) == node.Value), Token);
        cluster.Runs.Release();
        foreach (var (node, workers) in jobs)
        {
            Assert.Equal(slots[node], (await workers).Distinct().Count());
        }
    }

    [Fact]
    public async Task Code_of_jobs_has_no_rights_and_can_write_to_temporary_files_only()
    {
        ground.Require();
        await using var cluster = await ContainerCluster.StartAsync(ground.Podman, Token, "node-a");

        var seen = (await cluster.Client.RunOnEachNodeAsync(LookAround, cancellationToken: Token))["node-a"];
        Assert.Equal("1654", seen["Uid"]);
        Assert.Equal("1654", seen["Gid"]);
        Assert.Equal("0000000000000000", seen["CapEff"]);
        Assert.Equal("0000000000000000", seen["CapBnd"]);
        Assert.Equal("1", seen["NoNewPrivs"]);
        Assert.Equal("2", seen["Seccomp"]);
        Assert.Equal("written", seen["/tmp/note"]);
        Assert.Equal("written", seen["/dev/shm/note"]);
        Assert.Equal("Read-only file system", seen["/home/app/note"]);
        Assert.Equal("Read-only file system", seen["/app/note"]);
    }

    [Fact]
    public async Task An_item_that_takes_all_of_the_memory_fails_and_the_node_lives()
    {
        ground.Require();
        await using var cluster = await ContainerCluster.StartAsync(ground.Podman, Token);
        await cluster.AddNodeAsync("node-a", Token, memoryMebibytes: 384);
        var before = Assert.Single(await cluster.Client.NodesAsync(Token));

        var outcomes = await cluster.Client.MapOutcomesAsync(static x => x == 3 ? TakeWithoutEnd() : x, Enumerable.Range(0, 6), cancellationToken: Token);
        var failed = Assert.Single(outcomes, outcome => !outcome.IsSuccess);
        Assert.Equal(3, failed.Index);

        // The runtime, the node and the kernel each look at the limit; whoever is first.
        Assert.True(failed.Exception is WorkerLostException or RemoteTaskException { RemoteType: "System.OutOfMemoryException" }, failed.Exception!.ToString());
        Assert.Equal(before.AttachedAt, Assert.Single(await cluster.Client.NodesAsync(Token)).AttachedAt);
    }

    private static Task<int[]> FindWorkersAsync(ContainerCluster cluster, string node, int items)
    {
        var runs = cluster.Runs.Folder;
        return cluster.Client.MapAsync(
            async x =>
            {
                await Runs.NoteAndWaitAsync(runs, x);
                return Environment.ProcessId;
            },
            Enumerable.Range(0, items),
            new MapOptions { ChunkSize = 1, Requires = new Dictionary<string, string> { ["kubernetes-node"] = node } },
            Token);
    }

    private static Dictionary<string, string> LookAround()
    {
        var seen = File.ReadLines("/proc/self/status").Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries)).ToDictionary(parts => parts[0], parts => parts[1].Split('\t')[0]);
        foreach (var path in new[] { "/tmp/note", "/dev/shm/note", "/home/app/note", "/app/note" })
        {
            try
            {
                File.WriteAllText(path, "");
                seen[path] = "written";
            }
            catch (IOException exception)
            {
                seen[path] = exception.Message.Split(" : ")[0];
            }
        }

        return seen;
    }

    private static int TakeWithoutEnd()
    {
        var taken = new List<byte[]>();
        while (true)
        {
            var block = new byte[1 << 20];
            Array.Fill(block, (byte)1);
            taken.Add(block);

            // As fast as a program takes it that does something with it.
            TaskContext.Current.CancellationToken.WaitHandle.WaitOne(1);
        }
    }
}
