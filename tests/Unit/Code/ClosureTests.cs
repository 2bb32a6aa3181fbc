using Cluster.Client.Functions;
using Cluster.Protocol.V1;
using Cluster.Worker.Code;
using Xunit;

namespace Cluster.Unit.Code;

public sealed class ClosureTests
{
    private readonly Nodes _nodes = new();

    [Fact]
    public void Captured_values_are_those_at_the_call()
    {
        var factor = 3;
        Func<int, int> function = x => x * factor;
        var first = _nodes.Shipper.Ship(function);
        factor = 5;
        var second = _nodes.Shipper.Ship(function);

        Assert.Equal([21, 35], new[] { first, second }.Select(shipped => Invoke(shipped, 7)));
    }

    [Fact]
    public void Scopes_nest_three_deep()
    {
        var outer = 100;
        foreach (var middle in new[] { 10, 20 })
        {
            for (var i = 0; i < 2; i++)
            {
                var inner = i;
                Assert.Equal(7 + outer + middle + inner, _nodes.Run((int x) => x + outer + middle + inner, 7));
            }
        }
    }

    [Fact]
    public void Lambdas_inside_the_lambda_find_its_variables()
    {
        var offset = 10;
        Func<int, int> function = x =>
        {
            var local = x;
            Func<int, int> inner = y =>
            {
                Func<int> innermost = () => y + local + offset;
                return innermost();
            };
            return inner(1);
        };

        Assert.Equal(18, _nodes.Run(function, 7));
    }

    [Fact]
    public void Variables_that_only_an_inner_lambda_uses_travel_too()
    {
        var words = new List<string> { "a", "b" };
        var suffix = "!";

        Assert.Equal("7a!,7b!", _nodes.Run((int x) => string.Join(',', words.Select(word => x + word + suffix)), 7));
    }

    [Fact]
    public void Variables_of_neighbouring_lambdas_stay_here()
    {
        using var stream = new MemoryStream();
        var factor = 3;
        Action neighbour = () => stream.WriteByte((byte)factor);
        neighbour();

        Assert.Equal(21, _nodes.Run((int x) => x * factor, 7));
    }

    [Fact]
    public async Task Asynchronous_lambdas_take_what_they_use_and_no_more()
    {
        using var stream = new MemoryStream();
        var factor = 3;
        Func<int, Task<int>> function = async x =>
        {
            await Task.Yield();
            return x * factor;
        };
        Action neighbour = () => stream.WriteByte((byte)factor);
        neighbour();

        Assert.Equal(21, await _nodes.RunAsync<int, int>(function, 7));
    }

    [Fact]
    public void Local_functions_that_a_lambda_calls_bring_their_variables()
    {
        var offset = 10;
        var factor = 2;
        int Scale(int x) => Twice(x) * factor;
        int Twice(int x) => (2 * x) + offset;

        Assert.Equal(48, _nodes.Run((int x) => Scale(x), 7));
    }

    [Fact]
    public void Iterators_inside_a_lambda_bring_their_variables()
    {
        var limit = 3;
        IEnumerable<int> Numbers()
        {
            for (var i = 0; i < limit; i++)
            {
                yield return i;
            }
        }

        Assert.Equal(10, _nodes.Run((int x) => x + Numbers().Sum(), 7));
    }

    [Fact]
    public void Captured_delegates_travel_with_their_captures()
    {
        var factor = 3;
        Func<int, int> scale = x => x * factor;
        Func<int, int> parse = Square;
        Func<string, int> length = static text => text.Length;
        Func<int, string> append = "ab".Append;

        Assert.Equal(154, _nodes.Run((int x) => scale(x) + parse(x) + length(append(x)) + 81, 7));
    }

    [Fact]
    public void Delegates_go_on_sharing_their_variables()
    {
        var count = 0;
        Action increment = () => count++;
        Func<int> read = () => count;

        var seen = _nodes.Run(
            (int times) =>
            {
                for (var i = 0; i < times; i++)
                {
                    increment();
                }

                return read();
            },
            7);

        Assert.Equal((7, 0), (seen, count));
    }

    [Fact]
    public void A_delegate_can_capture_itself()
    {
        Func<int, int>? factorial = null;
        factorial = n => n <= 1 ? 1 : n * factorial!(n - 1);

        Assert.Equal(5040, _nodes.Run(factorial, 7));
    }

    [Fact]
    public void Null_travels_whatever_its_type()
    {
        Stream? stream = null;
        Func<int, int>? callback = null;
        string? text = null;

        Assert.True(_nodes.Run((int _) => stream is null && callback is null && text is null, 0));
    }

    [Fact]
    public void Loop_variables_are_captured_one_by_one()
    {
        var functions = new List<Func<int, int>>();
        foreach (var factor in Enumerable.Range(1, 3))
        {
            functions.Add(x => x * factor);
        }

        Assert.Equal([7, 14, 21], functions.Select(function => _nodes.Run(function, 7)));
    }

    private static int Square(int x) => x * x;

    private int Invoke(ShippedFunction shipped, int item) =>
        ((ItemFunction<int, int>)_nodes.Resolve(shipped).CreateItemFunction(Arguments.Single)).Invoke(item, default);
}
