using System.Reflection;
using System.Reflection.Emit;
using System.Text.Json;
using Cluster.Client;
using Cluster.Functional.AdHoc;
using Xunit;

namespace Cluster.Functional.Detached;

/// <summary>Functions that were pushed, called by their names from a program that has none of their code.</summary>
public sealed class NamedFunctionTests(PeopleCluster people) : IClassFixture<PeopleCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ClusterClient Cluster => people.Client;

    [Fact]
    public async Task They_are_called_as_functions_that_are_shipped()
    {
        var square = Cluster.Function<int, int>("samples/square");
        Assert.Equal(49, await square.InvokeAsync(7, cancellationToken: Token));
        Assert.Equal((IEnumerable<int>)[1, 4, 9], await square.MapAsync([1, 2, 3], cancellationToken: Token));
        Assert.Equal(Enumerable.Range(0, 20_000).Select(x => x * x), await square.MapAsync(Enumerable.Range(0, 20_000).ToAsyncEnumerable(), cancellationToken: Token));
        Assert.Equal((IEnumerable<int>)[4, 25], await square.IMapAsync([2, 5], cancellationToken: Token).ToArrayAsync(Token));
        Assert.Equal([4, 25], (await square.IMapUnorderedAsync([2, 5], cancellationToken: Token).ToArrayAsync(Token)).Order());
        Assert.All(await square.MapOutcomesAsync([2, 5], cancellationToken: Token), outcome => Assert.True(outcome.IsSuccess));
        ClusterFuture<int>[] futures = [.. Enumerable.Range(0, 100).Select(x => square.Submit(x))];
        Assert.Equal(Enumerable.Range(0, 100).Select(x => x * x), await Task.WhenAll(futures.Select(future => future.Task)));

        var power = Cluster.Function<double, int, double>("samples/power");
        Assert.Equal(8, await power.InvokeAsync(2, 3, cancellationToken: Token));
        Assert.Equal((IEnumerable<double>)[8, 0.25], await power.StarMapAsync([(2.0, 3), (0.5, 2)], cancellationToken: Token));
        Assert.Contains("ababab", await Cluster.Function<string, int, string>("samples/repeat").InvokeAsync("ab", 3, cancellationToken: Token), StringComparison.Ordinal);
        Assert.NotEmpty(await Cluster.Function<string>("samples/WhereAmI").InvokeAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task Types_of_the_program_need_the_same_members_only()
    {
        var words = await Cluster.Function<string, Count>("samples/words").InvokeAsync("a b a", cancellationToken: Token);
        Assert.Equal(3, words.Total);
        var document = await Cluster.Function<string, JsonElement>("samples/words").InvokeAsync("a b a", cancellationToken: Token);
        Assert.Equal(3, document.GetProperty("Total").GetInt32());
        Assert.Equal(25, await Cluster.Function<JsonElement, int>("samples/square").InvokeAsync(JsonSerializer.SerializeToElement(5), cancellationToken: Token));
    }

    [Fact]
    public async Task Failures_are_the_exceptions_of_functions_that_are_shipped()
    {
        var share = Cluster.Function<int, int>("samples/share");
        var failure = await Assert.ThrowsAsync<RemoteTaskException>(() => share.MapAsync([10, 0], cancellationToken: Token));
        Assert.Equal((1L, typeof(DivideByZeroException)), (failure.Index, failure.InnerException?.GetType()));
        var outcomes = await share.MapOutcomesAsync([10, 0, 5], cancellationToken: Token);
        Assert.Equal([true, false, true], outcomes.Select(outcome => outcome.IsSuccess));
        await Assert.ThrowsAsync<RemoteTaskException>(() => share.InvokeAsync(0, cancellationToken: Token));
        var late = Cluster.Function<double, double>("samples/wait").InvokeAsync(60, new TaskOptions { Timeout = TimeSpan.FromMilliseconds(100) }, Token);
        await Assert.ThrowsAsync<TaskTimeoutException>(() => late);
    }

    [Fact]
    public async Task Jobs_are_submitted_by_name()
    {
        var job = await Cluster.Function<int, int>("samples/square").SubmitJobAsync(Enumerable.Range(0, 1000), cancellationToken: Token);
        Assert.Equal(Enumerable.Range(0, 1000).Select(x => x * x), await job.GetResultsAsync(Token));
        var status = await job.GetStatusAsync(Token);
        Assert.Equal(("samples/square", "samples/square", "int"), (status.Name, status.Function, status.ResultType));
        var powers = await Cluster.Function<double, int, double>("samples/power").SubmitJobAsync([(2.0, 3)], cancellationToken: Token);
        Assert.Equal((IEnumerable<double>)[8.0], await Cluster.GetJob<double>(powers.Id).GetResultsAsync(Token));
        var words = await Cluster.Function<string, Count>("samples/words").SubmitJobAsync(["a b"], cancellationToken: Token);
        Assert.Equal(2, Assert.Single(await Cluster.GetJob<Count>(words.Id).GetResultsAsync(Token)).Total);

        // Of jobs that people submit as JSON, programs read the results too.
        var id = (await people.Jobs.SubmitAsync(PeopleCluster.Request("samples/share", 5, 0, 50), cancellationToken: Token)).JobId;
        var outcomes = await Cluster.GetJob<int>(id).GetOutcomesAsync(Token);
        Assert.Equal([20, null, 2], outcomes.Select(outcome => outcome.IsSuccess ? outcome.Value : (int?)null));
    }

    [Fact]
    public async Task Whoever_calls_them_wrongly_is_told_what_they_take()
    {
        foreach (var (call, expected) in new (Func<Task> Call, string Expected)[]
        {
            (() => Cluster.Function<int, int>("samples/power").InvokeAsync(1, cancellationToken: Token), "Function<double, int, double>(\"samples/power\")"),
            (() => Cluster.Function<string, int>("samples/square").InvokeAsync("1", cancellationToken: Token), "takes int as 'x', and was called with string"),
            (() => Cluster.Function<long, int>("samples/square").MapAsync([1], cancellationToken: Token), "Function<int, int>(\"samples/square\")"),
            (() => Cluster.Function<int, string>("samples/square").MapAsync([1], cancellationToken: Token), "returns int, and was called for string"),
            (() => Cluster.Function<int, int, int>("samples/square").StarMapAsync([(1, 2)], cancellationToken: Token), "takes 1 argument(s), and was called with 2"),
            (() => Cluster.Function<int, int>("samples/sqare").InvokeAsync(1, cancellationToken: Token), "Did you mean samples/share or samples/square?"),
            (() => Cluster.Function<int, int>("square").InvokeAsync(1, cancellationToken: Token), "SET/FUNCTION"),
            (() => Cluster.Function<int, int>("samples@0000/square").SubmitJobAsync([1], cancellationToken: Token), "no version '0000'"),
            (async () => await Cluster.Function<int, int>("sample/square").IMapAsync([1], cancellationToken: Token).ToArrayAsync(Token), "no set is called 'sample'"),
        })
        {
            var wrong = await Assert.ThrowsAsync<RegisteredFunctionException>(call);
            Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
        }

        Assert.Throws<FunctionNotShippableException>(() => Cluster.Function<Stream, int>("samples/square"));
    }

    [Fact]
    public async Task A_version_can_be_named()
    {
        var old = await PushAsync(1);
        var answer = Cluster.Function<int, int>("versions/answer");
        Assert.Equal(1, await answer.InvokeAsync(0, cancellationToken: Token));
        var kept = await answer.SubmitJobAsync([0], new JobOptions { Requires = new Dictionary<string, string> { ["nobody"] = "has it" } }, Token);
        var current = await PushAsync(2);
        Assert.Equal([old.Version], current.OtherVersions);
        Assert.Equal((IEnumerable<int>)[2], await answer.MapAsync([0], cancellationToken: Token));
        Assert.Equal((IEnumerable<int>)[1], await Cluster.Function<int, int>($"versions@{old.Version}/answer").MapAsync([0], cancellationToken: Token));
        Assert.Equal((IEnumerable<int>)[1], await Cluster.Function<int, int>($"versions@{old.Version[..4]}/answer").MapAsync([0], cancellationToken: Token));
        Assert.Equal(ClusterJobState.Running, (await kept.GetStatusAsync(Token)).State);
        await kept.CancelAsync(Token);
    }

    // An assembly whose one function answers with a number, each of a version of its own.
    private async Task<ClusterFunctionSet> PushAsync(int answer)
    {
        var folder = Directory.CreateTempSubdirectory("cluster-versions-");
        try
        {
            var assembly = new PersistedAssemblyBuilder(new AssemblyName("Versions"), typeof(object).Assembly);
            var type = assembly.DefineDynamicModule("Versions").DefineType("Acme.Versions", TypeAttributes.Public | TypeAttributes.Class);
            var method = type.DefineMethod("Answer", MethodAttributes.Public | MethodAttributes.Static, typeof(int), [typeof(int)]);
            var attribute = typeof(ClusterFunctionAttribute).GetConstructor([typeof(string)])!;
            method.SetCustomAttribute(new CustomAttributeBuilder(attribute, ["answer"]));
            var code = method.GetILGenerator();
            code.Emit(OpCodes.Ldc_I4, answer);
            code.Emit(OpCodes.Ret);
            type.CreateType();
            var path = Path.Combine(folder.FullName, "Versions.dll");
            assembly.Save(path);
            return await Cluster.PushAsync(path, "versions", Token);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public sealed record Count(int Total, Dictionary<string, int> ByWord);
}
