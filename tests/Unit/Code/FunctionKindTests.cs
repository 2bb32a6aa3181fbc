using System.Runtime.Loader;
using Xunit;

namespace Cluster.Unit.Code;

public sealed class FunctionKindTests
{
    private readonly Nodes _nodes = new();

    [Fact]
    public void Static_methods_run() => Assert.Equal(49, _nodes.Run(Square, 7));

    [Fact]
    public void The_code_runs_in_a_context_of_its_own()
    {
        var name = _nodes.Run(static (int _) => AssemblyLoadContext.GetLoadContext(typeof(FunctionKindTests).Assembly)!.Name!, 0);

        Assert.Equal("job code", name);
        Assert.NotEqual("job code", AssemblyLoadContext.GetLoadContext(typeof(FunctionKindTests).Assembly)!.Name);
    }

    [Fact]
    public void Lambdas_without_captures_run()
    {
        Assert.Equal(14, _nodes.Run((int x) => x * 2, 7));
        Assert.Equal(21, _nodes.Run(static (int x) => x * 3, 7));
    }

    [Fact]
    public void Overloads_are_told_apart()
    {
        Assert.Equal(3, _nodes.Run<int, int>(Half, 7));
        Assert.Equal(3.5, _nodes.Run<double, double>(Half, 7));
    }

    [Fact]
    public void Generic_methods_run_with_their_type_arguments()
    {
        Assert.Equal("Int32:7", _nodes.Run(Describe<int>, 7));
        Assert.Equal("String:x", _nodes.Run(Describe<string>, "x"));
        Assert.Equal("List`1:System.Collections.Generic.List`1[System.Int32]", _nodes.Run<List<int>, string>(Describe<List<int>>, [1]));
    }

    [Fact]
    public void Methods_of_generic_types_run_with_their_type_arguments() =>
        Assert.Equal("Int32,String:7", _nodes.Run(Holder<int>.Describe<string>, 7));

    [Fact]
    public void Lambdas_in_generic_methods_keep_the_type_arguments()
    {
        Assert.Equal("Int64", NameOf<long>());
        Assert.Equal("Int64 of 3", NameWith<long>(3));
    }

    [Fact]
    public void Local_functions_run_with_and_without_captures()
    {
        var offset = 5;
        int Add(int x) => x + offset;
        static int Triple(int x) => x * 3;

        Assert.Equal(12, _nodes.Run<int, int>(Add, 7));
        Assert.Equal(21, _nodes.Run<int, int>(Triple, 7));
    }

    [Fact]
    public void Extension_methods_take_their_object_along()
    {
        Assert.Equal("ab7", _nodes.Run<int, string>("ab".Append, 7));
        Assert.Equal(10, _nodes.Run<int, int>(new[] { 1, 2 }.SumWith, 7));
    }

    [Fact]
    public void Methods_of_the_framework_run_by_name() => Assert.Equal(3.0, _nodes.Run<double, double>(Math.Sqrt, 9));

    [Fact]
    public void Overloads_and_generic_methods_of_the_framework_are_told_apart()
    {
        Assert.Equal(42, _nodes.Run<string, int>(int.Parse, "42"));
        Assert.Equal(3, _nodes.Run<List<int>, int>(Enumerable.Count, [1, 2, 3]));
    }

    [Fact]
    public void Overloads_without_parameters_of_the_framework_are_told_apart()
    {
        var resolved = _nodes.Resolve((Func<Guid>)Guid.CreateVersion7);
        Func<Guid> captured = Guid.CreateVersion7;

        Assert.Empty(resolved.Parameters);
        Assert.Equal(7, _nodes.Run((int _) => captured().Version, 0));
    }

    [Fact]
    public void Items_are_what_the_delegate_says_where_the_method_says_less()
    {
        Func<string, object> general = TextOf;
        var resolved = _nodes.Resolve(general);

        Assert.Equal("text: x", _nodes.Run(general, "x"));
        Assert.Equal((typeof(string), typeof(object)), (resolved.Parameters.Single(), resolved.ResultType));
    }

    [Fact]
    public void Extension_methods_can_be_bound_to_null() => Assert.Equal("7", _nodes.Run<int, string>(((string)null!).Append, 7));

    [Fact]
    public async Task Asynchronous_functions_run()
    {
        var offset = 1;

        Assert.Equal(8, await _nodes.RunAsync<int, int>(async (int x) => await DoubledAsync(x) - 6 + (offset - 1), 7));
        Assert.Equal(14, await _nodes.RunAsync<int, int>(DoubledAsync, 7));
        Assert.Equal(7, await _nodes.RunAsync<int, int>((int x, CancellationToken token) => Task.FromResult(token.CanBeCanceled ? x : -1), 7));
    }

    private static string TextOf(object value) => $"text: {value}";

    private static int Square(int x) => x * x;

    private static int Half(int x) => x / 2;

    private static double Half(double x) => x / 2;

    private static string Describe<T>(T value) => $"{typeof(T).Name}:{value}";

    private static async Task<int> DoubledAsync(int x)
    {
        await Task.Yield();
        return x * 2;
    }

    private string NameOf<T>() => _nodes.Run((int _) => typeof(T).Name, 0);

    private string NameWith<T>(T value) => _nodes.Run((int _) => $"{typeof(T).Name} of {value}", 0);

    private static class Holder<T>
    {
        public static string Describe<TOther>(T value) => $"{typeof(T).Name},{typeof(TOther).Name}:{value}";
    }
}
