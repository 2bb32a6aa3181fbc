// The token is left out to show that it can be.
#pragma warning disable xUnit1051

using Cluster.Client;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.FakeCoordinators;
using Xunit;

namespace Cluster.Unit.Client;

/// <summary>
/// That these calls compile, without type arguments or casts, is half of the test; the types that the compiler infers are the other half.
/// </summary>
public sealed class OverloadTests
{
    private static readonly IEnumerable<int> Numbers = Enumerable.Range(1, 9);

    private static readonly NodeInfo[] Nodes = [new NodeInfo { Name = "a", State = NodeState.Ready, Slots = 1 }];

    private static async IAsyncEnumerable<int> NumbersAsync()
    {
        await Task.Yield();
        yield return 1;
    }

    private static async Task<(FakeCoordinator, ClusterClient)> ConnectAsync(string json)
    {
        var coordinator = await FakeCoordinator.StartAsync(FakeScripts.Json(json), nodes: Nodes);
        return (coordinator, await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Maps_take_methods_and_lambdas_of_every_form()
    {
        var (coordinator, cluster) = await ConnectAsync("7");
        await using var first = coordinator;
        await using var second = cluster;
        var token = TestContext.Current.CancellationToken;

        int[] methods = await cluster.MapAsync(Sample.Square, Enumerable.Range(1, 9), cancellationToken: token).Within();
        int[] asyncMethods = await cluster.MapAsync(Sample.SquareAsync, Numbers, cancellationToken: token).Within();
        int[] withTokens = await cluster.MapAsync(Sample.SquareUntilAsync, new[] { 1, 2 }, cancellationToken: token).Within();
        int[] lambdas = await cluster.MapAsync(x => x * x, new List<int> { 1, 2, 3 }, cancellationToken: token).Within();
        int[] asyncLambdas = await cluster.MapAsync(async x => await Sample.SquareAsync(x), Numbers, cancellationToken: token).Within();
        int[] asyncSources = await cluster.MapAsync(Sample.Square, NumbersAsync(), new MapOptions { ChunkSize = 1 }, token).Within();
        int[] asyncBoth = await cluster.MapAsync(Sample.SquareAsync, NumbersAsync(), cancellationToken: token).Within();
        ItemOutcome<int>[] outcomes = await cluster.MapOutcomesAsync(Sample.Square, Numbers, cancellationToken: token).Within();
        int[] wider = await cluster.MapAsync(Sample.Total, new[] { new[] { 1, 2 }, new[] { 3 } }, cancellationToken: token).Within();

        Assert.Equal([9, 9, 2, 3, 9, 1, 1, 9, 2], [
            methods.Length, asyncMethods.Length, withTokens.Length, lambdas.Length, asyncLambdas.Length, asyncSources.Length, asyncBoth.Length,
            outcomes.Length, wider.Length,
        ]);
        Assert.All(methods.Concat(asyncMethods).Concat(lambdas), value => Assert.Equal(7, value));
    }

    [Fact]
    public async Task Star_maps_spread_two_three_and_four_arguments()
    {
        var (coordinator, cluster) = await ConnectAsync("\"x\"");
        await using var first = coordinator;
        await using var second = cluster;
        (string, int, double)[] triples = [("a", 1, 2.0), ("b", 2, 3.0)];

        string[] joined = await cluster.StarMapAsync(Sample.JoinAsync, triples).Within();
        string[] lambda = await cluster.StarMapAsync((a, b) => $"{a}{b}", Numbers.Zip(Numbers)).Within();

        Assert.Equal(["x", "x"], joined);
        Assert.Equal(9, lambda.Length);

        static async Task<int[]> Typed(ClusterClient cluster, (int, int)[] pairs) => await cluster.StarMapAsync(Sample.Multiply, pairs);
        static async Task<long[]> Four(ClusterClient cluster, List<(long, long, long, long)> fours) => await cluster.StarMapAsync(Sample.Sum4, fours);
        Assert.Empty(await Typed(cluster, []).Within());
        Assert.Empty(await Four(cluster, []).Within());
    }

    [Fact]
    public async Task Lazy_maps_and_for_each_take_every_form()
    {
        var (coordinator, cluster) = await ConnectAsync("7");
        await using var first = coordinator;
        await using var second = cluster;
        var sum = 0;
        await foreach (var value in cluster.IMapAsync(Sample.Square, Numbers))
        {
            sum += value;
        }

        await foreach (int value in cluster.IMapUnorderedAsync(async (x, token) => await Sample.SquareUntilAsync(x, token), NumbersAsync()))
        {
            sum += value;
        }

        await cluster.ForEachAsync(Sample.Save, Numbers).Within();
        await cluster.ForEachAsync(Sample.SaveAsync, Numbers).Within();
        await cluster.ForEachAsync(Sample.SaveUntilAsync, NumbersAsync()).Within();
        await cluster.ForEachAsync(x => Sample.SaveAsync(x), Numbers).Within();
        await cluster.ForEachAsync(x => Console.Write(x), Numbers).Within();

        Assert.Equal(70, sum);
    }

    [Fact]
    public async Task Submit_takes_up_to_four_arguments_and_functions_of_every_form()
    {
        var (coordinator, cluster) = await ConnectAsync("7");
        await using var first = coordinator;
        await using var second = cluster;

        ClusterFuture<int> none = cluster.Submit(Sample.Seven);
        ClusterFuture<int> lambda = cluster.Submit(() => Sample.Square(3));
        ClusterFuture<int> one = cluster.Submit(Sample.Square, 7);
        ClusterFuture<int> oneAsync = cluster.Submit(Sample.SquareAsync, 7);
        ClusterFuture<int> oneUntil = cluster.Submit(Sample.SquareUntilAsync, 7, new TaskOptions { Name = "seven" });
        ClusterFuture<int> two = cluster.Submit(Sample.Multiply, 6, 7);
        ClusterFuture<long> four = cluster.Submit(Sample.Sum4, 1L, 2L, 3L, 4L);
        ClusterFuture<int> asyncLambda = cluster.Submit(async (x, y) => await Task.FromResult(x * y), 2, 3);
        ClusterFuture[] actions =
        [
            cluster.Submit(Sample.Warm), cluster.Submit(Sample.WarmAsync), cluster.Submit(Sample.Save, 1), cluster.Submit(Sample.SaveAsync, 1),
            cluster.Submit(Sample.SaveUntilAsync, 1), cluster.Submit(() => Console.Write("x")), cluster.Submit(async () => await Task.Yield()),
        ];

        int[] values = await Task.WhenAll(none.Task, lambda.Task, one.Task, oneAsync.Task, oneUntil.Task, two.Task, asyncLambda.Task).Within();
        Assert.Equal([7, 7, 7, 7, 7, 7, 7], values);
        Assert.Equal(7L, await four.Task.Within());
        Assert.Equal(7, actions.Length);
    }

    [Fact]
    public async Task Each_node_runs_functions_and_actions()
    {
        var (coordinator, cluster) = await ConnectAsync("7");
        await using var first = coordinator;
        await using var second = cluster;

        IReadOnlyDictionary<string, int> results = await cluster.RunOnEachNodeAsync(Sample.Seven).Within();
        IReadOnlyDictionary<string, int> asyncResults = await cluster.RunOnEachNodeAsync(async () => await Task.FromResult(7)).Within();

        Assert.Equal(7, Assert.Single(results).Value);
        Assert.Equal("a", Assert.Single(asyncResults).Key);

        static Task Compile(ClusterClient cluster) => Task.WhenAll(cluster.RunOnEachNodeAsync(Sample.Warm), cluster.RunOnEachNodeAsync(Sample.WarmAsync));
        Assert.NotNull((Func<ClusterClient, Task>)Compile);
    }
}
