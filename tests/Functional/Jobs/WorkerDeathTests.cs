using System.Runtime.InteropServices;
using Cluster.Client;
using Cluster.Functional.Faults;
using Xunit;

namespace Cluster.Functional.Jobs;

/// <summary>What a caller sees of workers that die: one item fails, with all that is known, and nobody else pays.</summary>
public sealed class WorkerDeathTests
{
    private const int Poison = 3;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// Of two chunks of five, one has the poison in its middle. What came before it has been delivered when it strikes, what comes after it has not begun.
    /// </summary>
    [Theory]
    [InlineData(Death.Exit, 3, null, 3, "I am about to end")]
    [InlineData(Death.FailFast, null, 6, 3, "no way out")]
    [InlineData(Death.NativeCrash, null, 11, 3, "I am about to end")]
    [InlineData(Death.StackOverflow, null, 6, 3, "Stack overflow")]
    [InlineData(Death.Kill, null, 9, 10, "I am about to end")]
    public async Task Only_the_item_that_ends_its_worker_fails_and_says_how(Death death, int? exitCode, int? signal, int deaths, string lastWords)
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 2 }, Token);
        using var log = new RunLog();
        using var delivered = new RunLog();
        var (path, signalled) = (log.Path, delivered.Path);
        var progress = new Notify(8, () => RunLog.Write(signalled, 0));
        var outcomes = await local.Client.MapOutcomesAsync(
            x =>
            {
                RunLog.Write(path, x);
                if (x == Poison)
                {
                    // Only the caller knows what has been delivered, and says so once.
                    while (!Directory.EnumerateFiles(signalled).Any())
                    {
                        Workload.Sleep(10);
                    }

                    Die(death);
                }

                return TaskContext.Current.Attempt;
            },
            Enumerable.Range(0, 10),
            new MapOptions { ChunkSize = 5, Progress = progress },
            Token).WaitAsync(TimeSpan.FromSeconds(60), Token);

        var failure = Assert.Single(outcomes, outcome => !outcome.IsSuccess);
        AssertLost(failure, Poison, exitCode, signal, lastWords);
        Assert.Equal(deaths + 1, ((WorkerLostException)failure.Exception!).Attempts);
        Assert.Equal([1, 1, 1, 2, 1, 1, 1, 1, 1], outcomes.Where(outcome => outcome.IsSuccess).Select(outcome => outcome.Value));
        Assert.Equal(Enumerable.Range(0, 10).Concat(Enumerable.Repeat(Poison, deaths)).Order(), log.Begun);
    }

    [Fact]
    public async Task A_worker_with_several_threads_takes_only_the_guilty_item_with_it()
    {
        const int guilty = 4;
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1, ThreadsPerWorker = 4 }, Token);
        var outcomes = await local.Client.MapOutcomesAsync(
            x =>
            {
                if (x == guilty)
                {
                    Die(Death.FailFast);
                }

                // Long enough to be there when the guilty one strikes.
                Workload.Sleep(100);
                return x;
            },
            Enumerable.Range(0, 41),
            new MapOptions { ChunkSize = 1 },
            Token).WaitAsync(TimeSpan.FromSeconds(60), Token);

        var failure = Assert.Single(outcomes, outcome => !outcome.IsSuccess);
        AssertLost(failure, guilty, null, 6, "no way out");

        // The first death was nobody's, since others were there; then it had a worker for itself.
        Assert.Equal(4, ((WorkerLostException)failure.Exception!).Attempts);
        Assert.Equal(Enumerable.Range(0, 41).Where(x => x != guilty), outcomes.Where(outcome => outcome.IsSuccess).Select(outcome => outcome.Value));
    }

    private static void AssertLost<T>(ItemOutcome<T> failure, int index, int? exitCode, int? signal, string lastWords)
    {
        var lost = Assert.IsType<WorkerLostException>(failure.Exception);
        Assert.Equal((index, exitCode, signal), (failure.Index, lost.ExitCode, lost.Signal));
        Assert.Equal(index, lost.Index);
        Assert.Contains(lastWords, lost.StderrTail, StringComparison.Ordinal);
        Assert.NotEmpty(lost.Node);
        Assert.True(lost.WorkerPid > 0);
    }

    private static void Die(Death death)
    {
        Console.Error.WriteLine("I am about to end");
        switch (death)
        {
            case Death.Exit:
                Environment.Exit(3);
                break;
            case Death.FailFast:
                Environment.FailFast("no way out");
                break;
            case Death.NativeCrash:
                LengthOf(16);
                break;
            case Death.StackOverflow:
                Overflow(0);
                break;
            case Death.Kill:
                using (var self = System.Diagnostics.Process.GetCurrentProcess())
                {
                    self.Kill();
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(death));
        }
    }

    private static int Overflow(int x) => x < 0 ? x : Overflow(x + 1) + 1;

    /// <summary>Native code that reads where nothing is.</summary>
    [DllImport("libc", EntryPoint = "strlen")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint LengthOf(nint text);

    public enum Death
    {
        Exit,
        FailFast,
        NativeCrash,
        StackOverflow,
        Kill,
    }

    private sealed class Notify(long at, Action what) : IProgress<JobProgress>
    {
        public void Report(JobProgress value)
        {
            if (value.Completed >= at)
            {
                what();
            }
        }
    }
}
