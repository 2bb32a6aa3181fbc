using Cluster.Client;
using Cluster.Unit.Coordinator.Hosted;
using Xunit;

namespace Cluster.Unit.Client.Objects;

public sealed class NamespaceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Attributes_are_of_any_type_and_the_same_for_all()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await using var one = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        await using var two = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var (mine, theirs) = (one.Namespace("settings"), two.Namespace("settings"));

        var revision = await mine.SetAsync("name", "Ada", Token);
        Assert.True(await mine.SetAsync("scores", (int[])[1, 2], Token) > revision);
        Assert.Equal("Ada", await theirs.GetAsync<string>("name", Token));
        Assert.Equal((int[])[1, 2], await theirs.GetAsync<int[]>("scores", Token));
        Assert.Equal((true, "Ada"), await theirs.TryGetAsync<string>("name", Token));
        Assert.Equal((false, 0), await theirs.TryGetAsync<int>("age", Token));
        Assert.Equal(2, await theirs.IncrementAsync("count", 2, Token));
        Assert.Equal(3, await mine.IncrementAsync("count", cancellationToken: Token));
        Assert.Equal(3, await mine.GetAsync<int>("count", Token));
        Assert.Equal(["name", "scores", "count"], await mine.NamesAsync(Token));
        Assert.True(await mine.RemoveAsync("name", Token));
        Assert.False(await theirs.RemoveAsync("name", Token));

        var missing = await Assert.ThrowsAsync<KeyNotFoundException>(() => theirs.GetAsync<string>("name", Token));
        Assert.Equal("namespace 'settings' has no attribute 'name'.", missing.Message);
        Assert.Contains("System.Int32", (await Assert.ThrowsAsync<ClusterException>(() => mine.GetAsync<int>("scores", Token))).Message, StringComparison.Ordinal);
        Assert.Contains("namespace", (await Assert.ThrowsAsync<ClusterObjectException>(() => one.Queue<int>("settings").CountAsync(Token))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => mine.SetAsync("", 1, Token));
        Assert.Equal([], await one.Namespace().NamesAsync(Token));
    }
}
