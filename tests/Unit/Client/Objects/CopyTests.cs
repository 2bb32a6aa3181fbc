using Cluster.Client;
using Cluster.Unit.Coordinator.Hosted;
using Xunit;

namespace Cluster.Unit.Client.Objects;

/// <summary>Values of shared objects are copies, made in the call that puts them there.</summary>
public sealed class CopyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_fetched_is_a_copy()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await using var client = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var lists = client.Dictionary<string, List<int>>();
        var original = new List<int> { 1 };
        await lists.SetAsync("a", original, cancellationToken: Token);
        original.Add(2);

        var fetched = await lists.GetAsync("a", Token);
        Assert.Equal([1], fetched);
        fetched.Add(3);
        Assert.Equal([1], await lists.GetAsync("a", Token));

        Assert.Equal([1, 4], await lists.UpdateAsync("a", static old => [.. old, 4], Token));
        Assert.Equal([1, 4], await lists.GetAsync("a", Token));
    }

    [Fact]
    public async Task What_cannot_travel_fails_where_it_is_put()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await using var client = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var queue = client.Queue<Endless>();
        var endless = new Endless();
        endless.Self = endless;

        var error = await Assert.ThrowsAsync<ClusterException>(() => queue.PutAsync(endless, cancellationToken: Token));
        Assert.Contains(nameof(Endless), error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await queue.CountAsync(Token));
        await queue.PutAsync(new Endless(), cancellationToken: Token);
        Assert.Equal(1, await queue.CountAsync(Token));
    }

    private sealed class Endless
    {
        public Endless? Self { get; set; }
    }
}
