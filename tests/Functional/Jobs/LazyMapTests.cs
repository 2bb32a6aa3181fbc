using Cluster.Client;
using Xunit;

namespace Cluster.Functional.Jobs;

public sealed class LazyMapTests(SharedCluster cluster)
{
    private static int Increment(int x) => x + 1;

    private static int Explode(int x) => x == 3 ? throw new ArgumentException("three") : x;

    [Fact]
    public async Task An_infinite_source_is_taken_only_a_window_ahead()
    {
        var taken = 0;
        IEnumerable<int> Forever()
        {
            while (true)
            {
                yield return Interlocked.Increment(ref taken) - 1;
            }
        }

        var expected = 1;
        await foreach (var result in cluster.Client.IMapAsync(Increment, Forever(), new MapOptions { MaxInFlight = 1_000 }).WithCancellation(TestContext.Current.CancellationToken))
        {
            Assert.Equal(expected, result);
            if (expected++ == 20_000)
            {
                break;
            }
        }

        Assert.InRange(Volatile.Read(ref taken), 20_000, 23_000);
    }

    [Fact]
    public async Task Unordered_results_are_complete()
    {
        var results = new HashSet<int>();
        await foreach (var result in cluster.Client.IMapUnorderedAsync(Increment, Enumerable.Range(0, 5_000)).WithCancellation(TestContext.Current.CancellationToken))
        {
            Assert.True(results.Add(result));
        }

        Assert.Equal(Enumerable.Range(1, 5_000).ToHashSet(), results);
    }

    [Fact]
    public async Task Unordered_results_come_in_the_order_of_completion()
    {
        var first = 0;
        await foreach (var result in cluster.Client.IMapUnorderedAsync(
            Workload.Sleep,
            [2_000, 1]).WithCancellation(TestContext.Current.CancellationToken))
        {
            first = result;
            break;
        }

        Assert.Equal(1, first);
    }

    [Fact]
    public async Task A_failure_is_raised_at_its_place_and_iteration_goes_on()
    {
        await using var results = cluster.Client.IMapAsync(Explode, Enumerable.Range(0, 6)).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var seen = new List<string>();
        while (true)
        {
            try
            {
                if (!await results.MoveNextAsync())
                {
                    break;
                }

                seen.Add($"{results.Current}");
            }
            catch (RemoteTaskException failure)
            {
                seen.Add($"{failure.RemoteMessage} at {failure.Index}");
            }
        }

        Assert.Equal(["0", "1", "2", "three at 3", "4", "5"], seen);
    }

    [Fact]
    public async Task A_source_that_throws_is_raised_after_the_items_before_it()
    {
        static IEnumerable<int> Broken()
        {
            yield return 1;
            yield return 2;
            throw new InvalidDataException("the source broke");
        }

        var seen = new List<int>();
        var failure = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var result in cluster.Client.IMapAsync(Increment, Broken()).WithCancellation(TestContext.Current.CancellationToken))
            {
                seen.Add(result);
            }
        });

        Assert.Equal("the source broke", failure.Message);
        Assert.Equal([2, 3], seen);
    }
}
