using System.Runtime.CompilerServices;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Cluster.Worker.Code;
using Xunit;

namespace Cluster.Unit.Code;

/// <summary>Every signature looks the same to the loops that call it.</summary>
public sealed class ItemFunctionTests
{
    private readonly Nodes _nodes = new();
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_argument()
    {
        Assert.Equal(8, await CallAsync<int, int>((int x) => x + 1, 7));
        Assert.Equal(8, await CallAsync<int, int>((int x, CancellationToken token) => token.CanBeCanceled ? x + 1 : -1, 7));
        Assert.Equal(8, await CallAsync<int, int>(async (int x) => { await Task.Yield(); return x + 1; }, 7));
        Assert.Equal(8, await CallAsync<int, int>(async (int x, CancellationToken token) => { await Task.Yield(); return token.CanBeCanceled ? x + 1 : -1; }, 7));
        Assert.Equal(8, await CallAsync<int, int>((int x) => new ValueTask<int>(x + 1), 7));
        Assert.Equal("7", await CallAsync<int, string>((int x) => x.ToString(), 7));
    }

    [Fact]
    public async Task No_result()
    {
        await NothingAsync((Action<string>)(static path => File.WriteAllText(path, "written")));
        await NothingAsync((Action<string, CancellationToken>)(static (path, _) => File.WriteAllText(path, "written")));
        await NothingAsync((Func<string, Task>)(static path => File.WriteAllTextAsync(path, "written")));
        await NothingAsync((Func<string, CancellationToken, Task>)(static (path, token) => File.WriteAllTextAsync(path, "written", token)));
        await NothingAsync((Func<string, ValueTask>)(static async path => await File.WriteAllTextAsync(path, "written")));
    }

    [Fact]
    public async Task No_arguments()
    {
        Assert.Equal(7, await CallAsync<Nothing, int>(() => 7, default, Arguments.None));
        Assert.Equal(7, await CallAsync<Nothing, int>(async (CancellationToken _) => { await Task.Yield(); return 7; }, default, Arguments.None));
    }

    [Fact]
    public async Task Spread_arguments()
    {
        Assert.Equal("1", await CallAsync<ValueTuple<int>, string>((int a) => $"{a}", new(1), Arguments.Spread));
        Assert.Equal("1 b", await CallAsync<(int, string), string>((int a, string b) => $"{a} {b}", (1, "b"), Arguments.Spread));
        Assert.Equal("1 b True", await CallAsync<(int, string), string>(
            (int a, string b, CancellationToken token) => $"{a} {b} {token.CanBeCanceled}", (1, "b"), Arguments.Spread));
        Assert.Equal("1 b 3 4", await CallAsync<(int, string, double, long), string>(
            (int a, string b, double c, long d) => $"{a} {b} {c} {d}", (1, "b", 3, 4), Arguments.Spread));
        Assert.Equal("1 2 3 4 5 6 7", await CallAsync<(int, int, int, int, int, int, int), string>(
            (int a, int b, int c, int d, int e, int f, int g) => $"{a} {b} {c} {d} {e} {f} {g}", (1, 2, 3, 4, 5, 6, 7), Arguments.Spread));
    }

    [Fact]
    public async Task Closures_are_bound_whatever_the_arguments()
    {
        var offset = 10;

        Assert.Equal(13, await CallAsync<(int, int), int>((int a, int b) => a + b + offset, (1, 2), Arguments.Spread));
        Assert.Equal(10, await CallAsync<Nothing, int>(() => offset, default, Arguments.None));
    }

    [Fact]
    public void One_function_serves_many_targets()
    {
        var functions = new[] { 1, 2 }.Select(offset => Create((int x) => x + offset, Arguments.Single)).Cast<ItemFunction<int, int>>();

        Assert.Equal([8, 9], functions.Select(function => function.Invoke(7, _token)));
    }

    [Fact]
    public void The_kind_of_call_is_known_beforehand()
    {
        var sync = (ItemFunction<int, int>)Create((int x) => x, Arguments.Single);
        var later = (ItemFunction<int, int>)Create((int x) => Task.FromResult(x), Arguments.Single);

        Assert.False(sync.IsAsync);
        Assert.True(later.IsAsync);
        Assert.Throws<InvalidOperationException>(() => later.Invoke(1, _token));
    }

    [Fact]
    public async Task What_the_function_throws_comes_out_as_it_was()
    {
        var thrown = Assert.Throws<FormatException>(() => ((ItemFunction<string, int>)Create((Func<string, int>)Parse, Arguments.Single)).Invoke("x", _token));
        Assert.Contains(nameof(Parse), thrown.StackTrace, StringComparison.Ordinal);

        await Assert.ThrowsAsync<FormatException>(async () => await CallAsync<string, int>(async (string text) => { await Task.Yield(); return Parse(text); }, "x"));
        var none = await Assert.ThrowsAsync<InvalidOperationException>(async () => await CallAsync<string, int>((Func<string, Task<int>>)NoTask, "x"));
        Assert.Contains("null instead of a task", none.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Arguments.Single, "takes 2 arguments, but each item is one argument")]
    [InlineData(Arguments.None, "takes 2 arguments, but it was called without any")]
    [InlineData(Arguments.Unspecified, "does not say how")]
    public void Arguments_that_do_not_fit_are_refused(Arguments arguments, string message) =>
        Assert.Contains(message, Assert.Throws<CodeException>(() => Create((int a, int b) => a + b, arguments)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_visitor_learns_the_types()
    {
        var visited = Create((int a, string b) => a + b.Length + 0.5, Arguments.Spread).Accept(new TypeNames());

        Assert.Equal("ValueTuple`2 to Double", visited);
    }

    [Fact]
    public void Calls_do_not_allocate()
    {
        var function = (ItemFunction<(int, long), double>)Create((int a, long b) => a + b + 0.5, Arguments.Spread);
        var sum = function.Invoke((1, 2), _token);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            sum += function.Invoke((i, i), _token);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(999503.5, sum);
    }

    private static int Parse(string text) => int.Parse(text);

    // The analyzer forbids what users do by accident.
    private static Task<int> NoTask(string text) => Unsafe.As<Task<int>>(text.Length > 99 ? text : null)!;

    private async Task NothingAsync(Delegate function)
    {
        var path = Path.GetTempFileName();
        try
        {
            Assert.Equal(default, await CallAsync<string, Nothing>(function, path));
            Assert.Equal("written", await File.ReadAllTextAsync(path, _token));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private ItemFunction Create(Delegate function, Arguments arguments) => _nodes.Resolve(function).CreateItemFunction(arguments);

    private ValueTask<TOut> CallAsync<TIn, TOut>(Delegate function, TIn item, Arguments arguments = Arguments.Single) =>
        ((ItemFunction<TIn, TOut>)Create(function, arguments)).InvokeAsync(item, _token);

    private sealed class TypeNames : IItemFunctionVisitor<string>
    {
        public string Visit<TIn, TOut>(ItemFunction<TIn, TOut> function) => $"{typeof(TIn).Name} to {typeof(TOut).Name}";
    }
}
