using Cluster.Client;
using Xunit;

namespace Cluster.Functional.Jobs;

/// <summary>Functions that take more memory than a worker may have. The limit is far from what the runtime takes by itself, and from what the functions take.</summary>
public sealed class WorkerMemoryTests : IAsyncLifetime
{
    private const int LimitMiB = 200;

    private static readonly List<byte[]> Kept = [];

    private LocalCluster _local = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 2, WorkerMemoryMiB = LimitMiB }, Token);

    public ValueTask DisposeAsync() => _local.DisposeAsync();

    [Fact]
    public async Task An_item_that_takes_memory_without_end_fails_alone_and_says_why()
    {
        var outcomes = await _local.Client.MapOutcomesAsync(
            static x => x == 7 ? TakeWithoutEnd() : x, Enumerable.Range(0, 21), new MapOptions { ChunkSize = 3 }, Token).WaitAsync(TimeSpan.FromSeconds(60), Token);

        var failed = Assert.Single(outcomes, outcome => !outcome.IsSuccess);
        Assert.Equal(7, failed.Index);
        var failure = Assert.IsType<WorkerMemoryException>(failed.Exception);
        Assert.Equal(((long)LimitMiB << 20, 7L), (failure.LimitBytes, failure.Index));
        Assert.True(failure.UsedBytes > failure.LimitBytes * 3 / 2, failure.Message);
        Assert.InRange(failure.Attempts, 2, 3);
        Assert.False(failure.IsTransient);
        Assert.Contains("--worker-memory", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"a worker may have {LimitMiB} MiB", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_keeps_too_much_is_replaced_and_nothing_fails()
    {
        var leaky = await _local.Client.Submit(static () => Leak(LimitMiB), cancellationToken: Token).Task.WaitAsync(TimeSpan.FromSeconds(60), Token);

        // Until that is seen, other items may run there; none of them is harmed.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        do
        {
            var attempts = await _local.Client.MapAsync(static _ => TaskContext.Current.Attempt, Enumerable.Range(0, 20), cancellationToken: limit.Token);
            Assert.All(attempts, attempt => Assert.Equal(1, attempt));
        }
        while (Directory.Exists($"/proc/{leaky}"));
    }

    private static int TakeWithoutEnd()
    {
        var taken = new List<byte[]>();
        while (true)
        {
            taken.Add(Filled(1 << 20));

            // So that the test takes no more of the machine than it needs to.
            TaskContext.Current.CancellationToken.WaitHandle.WaitOne(1);
        }
    }

    private static int Leak(int mebibytes)
    {
        for (var i = 0; i < mebibytes; i++)
        {
            Kept.Add(Filled(1 << 20));
        }

        return Environment.ProcessId;
    }

    // Pages that nobody has written to are not resident.
    private static byte[] Filled(int length)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, (byte)1);
        return bytes;
    }
}
