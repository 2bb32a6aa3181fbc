using Cluster.Client;
using Cluster.Protocol.V1;
using Cluster.Unit.Coordinator.Hosted;
using Xunit;

namespace Cluster.Unit.Client.Objects;

/// <summary>Which shared objects there are.</summary>
public sealed class ObjectListingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_kinds_are_those_of_the_protocol() =>
        Assert.Equal(
            Enum.GetValues<ObjectKind>().Where(static kind => kind != ObjectKind.Unspecified).Select(static kind => ((int)kind, kind.ToString().ToUpperInvariant())),
            Enum.GetValues<SharedObjectKind>().Where(static kind => kind != SharedObjectKind.Unknown).Select(static kind => ((int)kind, kind.ToString().ToUpperInvariant())));

    [Fact]
    public async Task Objects_are_listed_by_prefix_kind_and_whether_they_have_a_name()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        await using var client = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        Assert.Empty(await client.ListObjectsAsync(anonymous: true, cancellationToken: Token));

        var counts = client.Dictionary<string, int>("app.counts");
        await counts.SetManyAsync([new("a", 1), new("b", 2)], cancellationToken: Token);
        var work = client.Queue<string>("app.work");
        await work.CountAsync(Token);
        var anonymous = client.Queue<int>();
        await anonymous.PutAsync(1, cancellationToken: Token);
        await using var held = await client.Lock("other").AcquireAsync(cancellationToken: Token);
        await using var second = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var waiting = second.Lock("other").AcquireAsync(cancellationToken: Token);
        var permits = second.Semaphore(0);
        Assert.Equal(0, await permits.GetValueAsync(Token));

        var all = await client.ListObjectsAsync(anonymous: true, cancellationToken: Token);
        Assert.Equal(["app.counts", "app.work", "", "other", ""], all.Select(static info => info.Name));
        Assert.Equal(
            [SharedObjectKind.Dictionary, SharedObjectKind.Queue, SharedObjectKind.Queue, SharedObjectKind.Lock, SharedObjectKind.Semaphore],
            all.Select(static info => info.Kind));
        Assert.Equal([2, 0, 1, 1, 0], all.Select(static info => info.Count));
        Assert.Equal([0, 0, 0, 1, 0], all.Select(static info => info.Waiting));
        Assert.Equal([1, 1, 1, 2, 1], all.Select(static info => info.References));
        Assert.Equal(("System.String", "System.Int32"), (all[0].KeyType, all[0].ValueType));
        Assert.Equal(all.Count, all.Select(static info => info.Id).Distinct().Count());

        Assert.Equal(["app.counts", "app.work", "other"], (await client.ListObjectsAsync(cancellationToken: Token)).Select(static info => info.Name));
        Assert.Equal(["app.counts", "app.work"], (await client.ListObjectsAsync("app.", cancellationToken: Token)).Select(static info => info.Name));
        Assert.Equal(["app.work", ""], (await client.ListObjectsAsync(kind: SharedObjectKind.Queue, anonymous: true, cancellationToken: Token)).Select(static info => info.Name));
        await held.ReleaseAsync(Token);
        await using var passed = await waiting;

        // What nobody has any more is given back.
        GC.KeepAlive(counts);
        GC.KeepAlive(work);
        GC.KeepAlive(anonymous);
        GC.KeepAlive(permits);
    }

    [Fact]
    public async Task A_list_of_many_pages_is_whole()
    {
        const int Count = 5000;
        await using var coordinator = await TestCoordinator.StartAsync();
        await using var client = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);
        var name = new string('n', 400);
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => client.Event($"{name}-{i}").IsSetAsync(Token)));

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{name}-{i}"), (await client.ListObjectsAsync(cancellationToken: Token)).Select(static info => info.Name));
    }
}
