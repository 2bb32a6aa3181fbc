using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Simulation;

/// <summary>Runs the scheduler in clusters that seeds make up. See <see cref="Seeds"/> for how to replay one.</summary>
public sealed class RandomClusterTests
{
    [Fact]
    public void Small_clusters_keep_every_promise()
    {
        HashSet<Enum> seen = Seeds.RunAll(seed => Run(nameof(Small_clusters_keep_every_promise), seed, maxNodes: 1 + (seed % 8), maxJobs: 1 + (seed % 6), checkEvery: 1 + (seed % 7)));
        Seeds.RequireAll(Everything(), seen);
    }

    [Fact]
    public void Large_clusters_keep_every_promise()
    {
        int first = Seeds.One ?? 1;
        int count = Seeds.One is null ? Math.Min(Seeds.Asked ?? 3, 20) : 1;
        for (int seed = first; seed < first + count; seed++)
        {
            Assert.Contains(CommandKind.Dispatch, Run(nameof(Large_clusters_keep_every_promise), seed, maxNodes: 4000, maxJobs: 40, checkEvery: 500));
        }
    }

    private static HashSet<Enum> Run(string test, int seed, int maxNodes, int maxJobs, int checkEvery)
    {
        World world = new(seed, maxNodes, maxJobs);
        try
        {
            world.Run(checkEvery);
            return world.Ledger.Seen;
        }
        catch (Exception error)
        {
            throw Seeds.Failed(seed, test, world.Clock.Now, error);
        }
    }

    private static IEnumerable<Enum> Everything() =>
    [
        .. Enum.GetValues<CommandKind>(), .. Enum.GetValues<JobOutcome>(), .. Enum.GetValues<FailureReason>(), .. Enum.GetValues<ChunkOutcome>(), .. Enum.GetValues<Occurrence>(),
        CancelMode.UnlessBegun, CancelMode.Soft, CancelMode.Force,
    ];
}
