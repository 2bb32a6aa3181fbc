using Cluster.Client;
using Cluster.TestKit.FakeCoordinators;
using Xunit;

namespace Cluster.Unit.Client;

/// <summary>Results of types that would not arrive as they left are refused by the call itself.</summary>
public sealed class ResultCheckTests : IAsyncLifetime
{
    private FakeCoordinator? _coordinator;
    private ClusterClient? _cluster;

    private ClusterClient Cluster => _cluster!;

    public async ValueTask InitializeAsync()
    {
        _coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync);
        _cluster = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster!.DisposeAsync();
        await _coordinator!.DisposeAsync();
    }

    [Fact]
    public void Every_verb_looks_at_the_results()
    {
        var token = TestContext.Current.CancellationToken;
        static Stream Open(int _) => Stream.Null;

        Refused(() => { _ = Cluster.MapAsync(Open, [1], cancellationToken: token); }, typeof(Stream), "it returns Stream, which is a stream");
        Refused(() => { _ = Cluster.MapOutcomesAsync(Open, [1], cancellationToken: token); }, typeof(Stream), "Open");
        Refused(() => { _ = Cluster.IMapAsync(Open, [1], cancellationToken: token); }, typeof(Stream), "Open");
        Refused(() => { _ = Cluster.IMapUnorderedAsync(Open, [1], cancellationToken: token); }, typeof(Stream), "Open");
        Refused(() => { _ = Cluster.StarMapAsync((int a, int _) => Open(a), [(1, 2)], cancellationToken: token); }, typeof(Stream), "lambda");
        Refused(() => { _ = Cluster.Submit(Open, 1); }, typeof(Stream), "Open");
        Refused(() => { _ = Cluster.RunOnEachNodeAsync(() => Open(1), cancellationToken: token); }, typeof(Stream), "lambda");
    }

    [Fact]
    public void The_member_that_would_be_lost_is_named() => Refused(
        () => { _ = Cluster.Submit(() => new Report([new Counter()])); }, typeof(Counter), "it returns Report, whose Counters[] (Counter) would lose its field _count");

    [Fact]
    public void Only_tasks_are_waited_for() => Refused(
        () => { _ = Cluster.Submit((int x) => ValueTask.FromResult(x), 1); }, typeof(ValueTask<int>), "is not waited for on the node");

    [Fact]
    public void Arguments_come_first() => Refused(() => { _ = Cluster.Submit((Counter counter) => counter, new Counter()); }, typeof(Counter), "it takes 'counter'");

    [Fact]
    public void An_object_is_a_document_wherever_it_is()
    {
        var token = TestContext.Current.CancellationToken;
        Assert.NotNull(Cluster.Submit(() => (object)1, cancellationToken: token));
        Assert.NotNull(Cluster.Submit(() => new Dictionary<string, object> { ["a"] = 1 }, cancellationToken: token));
        Assert.NotNull(Cluster.Submit(() => Enumerable.Range(0, 3).Select(i => i * 0.5), cancellationToken: token));
    }

    private static void Refused(Action call, Type type, string message)
    {
        var refused = Assert.Throws<FunctionNotShippableException>(call);

        Assert.Equal(type, refused.VariableType);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    private sealed record Report(List<Counter> Counters);

    private sealed class Counter
    {
        private int _count;

        public int Next() => ++_count;
    }
}
