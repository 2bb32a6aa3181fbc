using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Cluster.Worker.Code;
using Xunit;

namespace Cluster.Unit.Code;

/// <summary>One function for many calls, each with what was captured for it.</summary>
public sealed class BoundItemFunctionTests
{
    private const int Small = 1 << 10;

    private readonly Nodes _nodes = new();
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public void Calls_of_one_lambda_share_a_function_and_keep_their_captures()
    {
        var split = Enumerable.Range(0, 3).Select(i => _nodes.Shipper.Split((int x) => x + (10 * i), Small)).ToArray();
        var function = Bound<int, int>(split[0].Function, Arguments.Single);

        Assert.All(split, one => Assert.Same(split[0].Function, one.Function));
        Assert.Empty(split[0].Function.Message.Target);
        Assert.Equal([1, 11, 21], split.Select(one => function.Invoke(new(one.Captures!.Value, 1), _token)));
    }

    [Fact]
    public async Task Asynchronous_functions()
    {
        var offset = 10;
        var split = _nodes.Shipper.Split(async (int x, CancellationToken token) => { await Task.Yield(); return token.CanBeCanceled ? x + offset : -1; }, Small);
        var function = Bound<int, int>(split.Function, Arguments.Single);

        Assert.True(function.IsAsync);
        Assert.Equal(17, await function.InvokeAsync(new(split.Captures!.Value, 7), _token));
    }

    [Fact]
    public void Captured_delegates_bring_their_own_captures()
    {
        var offset = 10;
        Func<int, int> add = x => x + offset;
        var split = _nodes.Shipper.Split(() => add(1), Small);

        Assert.Equal(11, Bound<Nothing, int>(split.Function, Arguments.None).Invoke(new(split.Captures!.Value, default), _token));
    }

    [Fact]
    public void Extension_methods_bound_to_their_object()
    {
        var split = _nodes.Shipper.Split((Func<int, string>)"ab".Append, Small);

        Assert.Equal("ab2", Bound<int, string>(split.Function, Arguments.Single).Invoke(new(split.Captures!.Value, 2), _token));
    }

    [Fact]
    public void Large_captures_become_a_part_of_the_function()
    {
        var text = new string('x', Small);
        var split = _nodes.Shipper.Split(() => text.Length, Small);

        Assert.Null(split.Captures);
        Assert.False(split.IsShared);
        Assert.Equal(Small, ((ItemFunction<Nothing, int>)_nodes.Resolve(split.Function).CreateItemFunction(Arguments.None)).Invoke(default, _token));
    }

    [Fact]
    public void Without_captures_there_is_nothing_to_keep_apart()
    {
        var split = _nodes.Shipper.Split(static () => 7, Small);

        Assert.Null(split.Captures);
        Assert.True(split.IsShared);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"closure":1,"fields":{"none":{"value":1}}}""")]
    [InlineData("""{"other":1}""")]
    public void Captures_that_do_not_fit_are_the_codes_failure(string captures)
    {
        var i = 1;
        var function = Bound<Nothing, int>(_nodes.Shipper.Split(() => i, Small).Function, Arguments.None);

        var failure = Assert.Throws<CodeException>(() => function.Invoke(new(System.Text.Encoding.UTF8.GetBytes(captures), default), _token));

        Assert.Contains("captured cannot be rebuilt", failure.Message, StringComparison.Ordinal);
    }

    private BoundItemFunction<TIn, TOut> Bound<TIn, TOut>(Cluster.Client.Functions.ShippedFunction shipped, Arguments arguments)
    {
        var resolved = _nodes.Resolve(shipped, capturesInItems: true);
        return new BoundItemFunction<TIn, TOut>(resolved, arguments, resolved.IsAsync);
    }
}
