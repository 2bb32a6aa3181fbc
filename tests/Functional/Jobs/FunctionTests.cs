using System.Text.Json;
using Cluster.Client;
using Xunit;

namespace Cluster.Functional.Jobs;

/// <summary>What can travel, does; what cannot is named at the call.</summary>
public sealed class FunctionTests(SharedCluster cluster)
{
    private static readonly int[] Items = [1, 2, 3];

    private readonly int _field = 5;

    private static T Identity<T>(T value) => value;

    private static async Task<int> DoubleLater(int x)
    {
        await Task.Yield();
        return 2 * x;
    }

    private static int[] UpTo(int last) => [.. Enumerable.Range(1, last)];

    private static string Text(int x) => $"<{x}>";

    private static int Total(IEnumerable<int> numbers) => numbers.Sum();

    private static string Describe(object value, int number) => $"{value.GetType().Name} {value} {number}";

    [Fact]
    public async Task Lambdas_without_captures_travel() =>
        Assert.Equal((int[])[2, 3, 4], await MapAsync(x => x + 1));

    [Fact]
    public async Task Captured_values_travel()
    {
        var offset = 10;
        var names = new Dictionary<int, string> { [1] = "one" };

        Assert.Equal(["11 one", "12 ?", "13 ?"], await MapAsync(x => $"{x + offset} {names.GetValueOrDefault(x, "?")}"));
    }

    [Fact]
    public async Task Nested_closures_travel()
    {
        var outer = 100;
        var results = new List<int>();
        for (var i = 0; i < 2; i++)
        {
            var inner = 10 * i;
            Func<int, int> add = x => x + inner;
            results.AddRange(await MapAsync(x => add(x) + outer));
        }

        Assert.Equal([101, 102, 103, 111, 112, 113], results);
    }

    [Fact]
    public async Task Generic_methods_travel() => Assert.Equal(Items, await MapAsync(Identity));

    [Fact]
    public async Task Async_functions_travel()
    {
        var cancellationToken = TestContext.Current.CancellationToken;

        Assert.Equal((int[])[2, 4, 6], await cluster.Client.MapAsync(DoubleLater, Items, cancellationToken: cancellationToken));
        Assert.Equal(
            (int[])[3, 6, 9],
            await cluster.Client.MapAsync(
                async (x, token) =>
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, token);
                    return 3 * x;
                },
                Items,
                cancellationToken: cancellationToken));
    }

    [Fact]
    public async Task Results_are_what_the_delegate_says_and_not_what_its_method_does()
    {
        Func<int, IEnumerable<int>> sequences = UpTo;
        Func<int, object> anything = Text;

        Assert.Equal((int[][])[[1], [1, 2], [1, 2, 3]], await MapAsync(sequences));
        Assert.Equal((int[])[1, 2], await cluster.Client.Submit(sequences, 2));

        // Nothing that arrives may say what to create: an object is the JSON document that it travelled as.
        Assert.Equal(["<1>", "<2>", "<3>"], (await MapAsync(anything)).Select(text => Assert.IsType<JsonElement>(text).GetString()));
    }

    [Fact]
    public async Task Arguments_are_what_the_delegate_says_and_not_what_its_method_does()
    {
        Func<int[], int> total = Total;
        Func<string, int, string> describe = Describe;

        Assert.Equal((int[])[3, 7], await cluster.Client.MapAsync(total, [[1, 2], [3, 4]], cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal("String a 1", await cluster.Client.Submit(describe, "a", 1));
    }

    [Fact]
    public async Task The_task_context_says_where_it_runs()
    {
        var seen = await cluster.Client.MapAsync(
            _ => $"{TaskContext.Current.Index} {TaskContext.Current.Attempt} {TaskContext.Current.Node.Length > 0} {TaskContext.Current.JobId.Length > 0}",
            Items,
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["0 1 True True", "1 1 True True", "2 1 True True"], seen);
        Assert.False(TaskContext.IsInTask);
    }

    [Fact]
    public async Task Capturing_this_is_refused_by_name()
    {
        var refused = await Assert.ThrowsAsync<FunctionNotShippableException>(() => MapAsync(x => x + _field));

        Assert.Contains("this", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.IsTransient);
    }

    [Fact]
    public async Task Capturing_a_stream_is_refused_by_name()
    {
        using var stream = new MemoryStream();

        var refused = await Assert.ThrowsAsync<FunctionNotShippableException>(() => MapAsync(x => x + (int)stream.Length));

        Assert.Contains("stream", refused.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(MemoryStream), refused.Message, StringComparison.Ordinal);
    }

    private Task<TResult[]> MapAsync<TResult>(Func<int, TResult> function) =>
        cluster.Client.MapAsync(function, Items, cancellationToken: TestContext.Current.CancellationToken);
}
