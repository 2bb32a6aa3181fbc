using System.Globalization;
using Xunit;

namespace Cluster.Simulation;

/// <summary>
/// The seeds of the random tests. A failure names its seed; CLUSTER_SIMULATION_SEED=n runs that one alone, CLUSTER_SIMULATION_SEEDS=n runs the first n.
/// </summary>
internal static class Seeds
{
    private const int Default = 10_000;

    /// <summary>The one seed that is asked for; null: all are.</summary>
    public static int? One => Read("CLUSTER_SIMULATION_SEED");

    /// <summary>How many are asked for; null: as many as usual.</summary>
    public static int? Asked => Read("CLUSTER_SIMULATION_SEEDS");

    /// <summary>Runs seeds, several at a time.</summary>
    /// <param name="run">Runs one; answers what has happened in it.</param>
    /// <returns>What has happened in any.</returns>
    /// <exception cref="SimulationFailedException">A seed failed: the first that does, whatever the threads do.</exception>
    public static HashSet<Enum> RunAll(Func<int, IEnumerable<Enum>> run)
    {
        int first = One ?? 1;
        HashSet<Enum> seen = [];
        int failed = int.MaxValue;
        Exception? failure = null;
        Parallel.For(first, first + Count, (seed, loop) =>
        {
            try
            {
                IEnumerable<Enum> happened = run(seed);
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
                    // The seeds before it are run to their end.
                    (failed, failure) = seed < failed ? (seed, exception) : (failed, failure);
                }
            }
        });
        return failure is null ? seen : throw failure;
    }

    /// <summary>A seed has failed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="test">The test that ran it.</param>
    /// <param name="at">When, in its own time.</param>
    /// <param name="error">What went wrong.</param>
    public static SimulationFailedException Failed(int seed, string test, TimeSpan at, Exception error) =>
        new($"Seed {seed} at {at}: {error.Message} Replay: CLUSTER_SIMULATION_SEED={seed} dotnet test tests/Simulation --filter {test}", error);

    /// <summary>Objects when something never happened; else the simulation leaves out what it is for.</summary>
    public static void RequireAll(IEnumerable<Enum> all, HashSet<Enum> seen)
    {
        Assert.SkipWhen(Count < Default, $"{Count} seeds kept every promise; they are too few to tell whether everything happened.");
        Assert.Empty(all.Except(seen));
    }

    private static int Count => One is null ? Asked ?? Default : 1;

    private static int? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
