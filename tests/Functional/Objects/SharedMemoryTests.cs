using Cluster.Client;
using Cluster.TestKit;
using Xunit;

namespace Cluster.Functional.Objects;

/// <summary>Memory that a program and the tasks of nodes beside it share.</summary>
public sealed class SharedMemoryTests : IAsyncLifetime
{
    private LocalCluster? _local;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ClusterClient Client => _local!.Client;

    public async ValueTask InitializeAsync() => _local = await LocalCluster.StartAsync(new LocalClusterOptions { Nodes = 2, WorkersPerNode = 2 }, Token);

    public ValueTask DisposeAsync() => _local?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Tasks_write_where_the_program_reads()
    {
        await using var memory = await ClusterSharedMemory.CreateAsync(100 * sizeof(long), Token);
        try
        {
            await Client.ForEachAsync(n => Write(memory, n), Enumerable.Range(0, 50), cancellationToken: Token).Within();
            await Task.WhenAll(Enumerable.Range(50, 25).Select(n => Client.Submit(Write, memory, n, cancellationToken: Token).Task)).Within();
            await Client.ForEachAsync(WriteIn, Enumerable.Range(75, 25).Select(n => new Place(memory, n)), cancellationToken: Token).Within();
            Assert.Equal(Enumerable.Range(0, 100).Select(static n => (long)n * n), memory.AsSpan<long>().ToArray());
            Assert.Equal(800, memory.Memory.Length);
        }
        finally
        {
            Assert.True(await memory.UnlinkAsync(Token));
        }

        Assert.False(await memory.UnlinkAsync(Token));
        await Assert.ThrowsAsync<FileNotFoundException>(() => ClusterSharedMemory.AttachAsync(memory.Name, Token));
    }

    [Fact]
    public async Task What_a_task_makes_is_found_after_it_and_by_name()
    {
        var name = await Client.Submit(MakeAsync, 5L, cancellationToken: Token).Task.Within();
        await using var memory = await ClusterSharedMemory.AttachAsync(name, Token);
        Assert.Equal([5L, 25L], memory.AsSpan<long>().ToArray());
        Assert.True(await memory.UnlinkAsync(Token));
    }

    [Fact]
    public async Task What_tasks_leave_goes_with_their_node()
    {
        var name = await Client.Submit(MakeAsync, 5L, cancellationToken: Token).Task.Within();
        await _local!.DisposeAsync();
        await Assert.ThrowsAsync<FileNotFoundException>(() => ClusterSharedMemory.AttachAsync(name, Token));
    }

    [Fact]
    public async Task A_span_lasts_for_the_task_that_took_it()
    {
        await using var memory = await ClusterSharedMemory.CreateAsync(1 << 20, Token);
        var sums = await Client.MapAsync(SumAfterCollection, Enumerable.Repeat(memory, 20), cancellationToken: Token).Within();
        Assert.All(sums, static sum => Assert.Equal(0, sum));
        await memory.UnlinkAsync(Token);
    }

    [Fact]
    public async Task Memory_that_was_unlinked_is_missed_by_name()
    {
        await using var memory = await ClusterSharedMemory.CreateAsync("cluster-test-unlinked", 8, Token);
        await Assert.ThrowsAsync<IOException>(() => ClusterSharedMemory.CreateAsync("cluster-test-unlinked", 8, Token));
        await memory.UnlinkAsync(Token);
        var missing = await Assert.ThrowsAnyAsync<Exception>(() => Client.Submit(Write, memory, 0, cancellationToken: Token).Task.Within());
        Assert.Contains("'cluster-test-unlinked'", missing.Message, StringComparison.Ordinal);

        await using var other = await ClusterSharedMemory.CreateAsync("cluster-test-unlinked", 8, Token);
        var another = await Assert.ThrowsAnyAsync<Exception>(() => Client.Submit(Write, memory, 0, cancellationToken: Token).Task.Within());
        Assert.Contains("another of this name", another.Message, StringComparison.Ordinal);
        await other.UnlinkAsync(Token);
    }

    [Fact]
    public async Task Sizes_are_checked()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ClusterSharedMemory.CreateAsync(0, Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ClusterSharedMemory.CreateAsync(-1, Token));
        await Assert.ThrowsAsync<IOException>(() => ClusterSharedMemory.CreateAsync(1L << 60, Token));
    }

    private static void Write(ClusterSharedMemory memory, int n) => memory.AsSpan<long>()[n] = (long)n * n;

    private static void WriteIn(Place place) => Write(place.Memory, place.Index);

    private static async Task<string> MakeAsync(long n)
    {
        await using var memory = await ClusterSharedMemory.CreateAsync(2 * sizeof(long));
        memory.AsSpan<long>()[0] = n;
        memory.AsSpan<long>()[1] = n * n;
        return memory.Name;
    }

    private static int SumAfterCollection(ClusterSharedMemory memory)
    {
        var span = memory.AsSpan<byte>();
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        var sum = 0;
        foreach (var value in span)
        {
            sum += value;
        }

        return sum;
    }

    private sealed record Place(ClusterSharedMemory Memory, int Index);
}
