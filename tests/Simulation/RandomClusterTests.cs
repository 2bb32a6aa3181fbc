using System.Globalization;
using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Simulation;

/// <summary>
/// Runs the scheduler in clusters that seeds make up. A failure names its seed; CLUSTER_SIMULATION_SEED=n runs that one alone,
/// CLUSTER_SIMULATION_SEEDS=n runs the first n.
/// </summary>
public sealed class RandomClusterTests
{
    private const int DefaultSeeds = 10_000;

    [Fact]
    public void Small_clusters_keep_every_promise()
    {
        (int first, int count) = Seeds(DefaultSeeds);
        HashSet<Enum> seen = [];
        int failed = int.MaxValue;
        Exception? failure = null;
        Parallel.For(first, first + count, (seed, loop) =>
        {
            try
            {
                HashSet<Enum> happened = Run(seed, maxNodes: 1 + (seed % 8), maxJobs: 1 + (seed % 6), checkEvery: 1 + (seed % 7));
                lock (seen)
                {
                    seen.UnionWith(happened);
                }
            }
            catch (SimulationFailedException exception)
            {
                loop.Break();
                lock (seen)
                {
                    // The same seed is named whatever the threads do: those before it are run to their end.
                    (failed, failure) = seed < failed ? (seed, exception) : (failed, failure);
                }
            }
        });
        if (failure is not null)
        {
            throw failure;
        }

        // Else the simulation leaves out what it is for.
        Assert.SkipWhen(count < DefaultSeeds, $"{count} seeds kept every promise; they are too few to tell whether everything happened.");
        Assert.Empty(Everything().Except(seen));
    }

    [Fact]
    public void Large_clusters_keep_every_promise()
    {
        (int first, int count) = Seeds(3);
        for (int seed = first; seed < first + Math.Min(count, 20); seed++)
        {
            Assert.Contains(CommandKind.Dispatch, Run(seed, maxNodes: 4000, maxJobs: 40, checkEvery: 500));
        }
    }

    private static HashSet<Enum> Run(int seed, int maxNodes, int maxJobs, int checkEvery)
    {
        World world = new(seed, maxNodes, maxJobs);
        try
        {
            world.Run(checkEvery);
            return world.Ledger.Seen;
        }
        catch (Exception error)
        {
            throw new SimulationFailedException(
                $"Seed {seed} at {world.Clock.Now}: {error.Message} Replay: CLUSTER_SIMULATION_SEED={seed} dotnet test tests/Simulation", error);
        }
    }

    private static IEnumerable<Enum> Everything() =>
        [.. Enum.GetValues<CommandKind>(), .. Enum.GetValues<JobOutcome>(), .. Enum.GetValues<FailureReason>(), .. Enum.GetValues<ChunkOutcome>(), .. Enum.GetValues<Occurrence>(), CancelMode.UnlessBegun, CancelMode.Soft, CancelMode.Force];

    private static (int First, int Count) Seeds(int byDefault)
    {
        if (Read("CLUSTER_SIMULATION_SEED") is int one)
        {
            return (one, 1);
        }

        return (1, Read("CLUSTER_SIMULATION_SEEDS") ?? byDefault);
    }

    private static int? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
