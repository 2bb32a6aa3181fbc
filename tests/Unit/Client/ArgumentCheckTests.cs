using Cluster.Client;
using Cluster.TestKit.FakeCoordinators;
using Xunit;

namespace Cluster.Unit.Client;

/// <summary>Arguments of types that cannot travel are refused by the call itself: it throws, and returns no task or sequence that would.</summary>
public sealed class ArgumentCheckTests : IAsyncLifetime
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
    public void Eager_maps() => Refused(
        () => { _ = Cluster.MapAsync(Length, Array.Empty<Stream>(), cancellationToken: TestContext.Current.CancellationToken); }, "stream", typeof(Stream), nameof(Length));

    [Fact]
    public void Lazy_maps() => Refused(
        () => { _ = Cluster.IMapAsync(Length, Array.Empty<Stream>(), cancellationToken: TestContext.Current.CancellationToken); }, "stream", typeof(Stream), nameof(Length));

    [Fact]
    public void Maps_for_effects() => Refused(
        () => { _ = Cluster.ForEachAsync((Stream s) => s.Flush(), [], cancellationToken: TestContext.Current.CancellationToken); }, "s", typeof(Stream), "lambda");

    [Fact]
    public void Star_maps_name_the_parameter_and_the_member() => Refused(
        () => { _ = Cluster.StarMapAsync((int id, Order order) => id + order.Id, Array.Empty<(int, Order)>(), cancellationToken: TestContext.Current.CancellationToken); },
        "order.Lines[].Lock",
        typeof(Lock),
        "lambda");

    [Fact]
    public void Tasks() => Refused(() => { _ = Cluster.Submit((Order order) => order.Id, new Order(1, [])); }, "order.Lines[].Lock", typeof(Lock), "lambda");

    [Fact]
    public void Tasks_of_several_arguments() => Refused(
        () => { _ = Cluster.Submit((string name, Func<int> next) => name.Length + next(), "x", () => 1); }, "next", typeof(Func<int>), "lambda");

    [Fact]
    public void Extension_methods_bound_to_their_object() => Refused(() => { _ = Cluster.Submit("x".Count, new object()); }, "item", typeof(object), nameof(Extensions.Count));

    private static int Length(Stream stream) => (int)stream.Length;

    private static void Refused(Action call, string variable, Type type, string function)
    {
        var refused = Assert.Throws<FunctionNotShippableException>(call);

        Assert.Equal((variable, type), (refused.Variable, refused.VariableType));
        Assert.Contains(function, refused.Function, StringComparison.Ordinal);
        Assert.Contains($"it takes '{variable}' (", refused.Message, StringComparison.Ordinal);
    }

    private sealed record Order(int Id, List<Line> Lines);

    private sealed record Line(Lock Lock);
}

internal static class Extensions
{
    public static int Count(this string text, object item) => text.Length + item.GetHashCode();
}
