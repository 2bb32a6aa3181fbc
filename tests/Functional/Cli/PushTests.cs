using System.Text.Json;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Cli;

/// <summary><c>cluster push</c> and <c>cluster functions</c>, against a coordinator of their own.</summary>
public sealed class PushTests : IAsyncLifetime
{
    private static readonly string Samples = BuildOutput.Of("samples/Functions", "samples.dll");

    private readonly string _data = Directory.CreateTempSubdirectory("cluster-push-").FullName;
    private CliProcess _coordinator = null!;
    private string _address = "http://127.0.0.1:0";

    public async ValueTask InitializeAsync() => await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _coordinator.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task What_was_pushed_is_listed_also_after_the_coordinator_was_killed()
    {
        Assert.Equal("", (await RunAsync("functions", "--json")).Expect(0).Output);
        var pushed = (await RunAsync("push", Samples, "--json")).Expect(0);
        var square = pushed.Lines.Select(Json).Single(line => line.GetProperty("name").GetString() == "samples/square");
        Assert.Equal("""[{"name":"x","type":"int","description":"Any number."}]""", square.GetProperty("parameters").GetRawText());
        Assert.Equal(("int", "Multiplies a number with itself."), (square.GetProperty("result").GetString(), square.GetProperty("description").GetString()));

        // A crash, not an end in order.
        await _coordinator.DisposeAsync();
        await StartAsync();
        Assert.Equal(pushed.Output, (await RunAsync("functions", "--json")).Expect(0).Output);
        var version = square.GetProperty("version").GetString();
        Assert.Equal(pushed.Output, (await RunAsync("functions", $"samples@{version![..6]}", "--json")).Expect(0).Output);
        Assert.Contains("samples/power(double x, int exponent) ", (await RunAsync("functions")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_set_has_the_name_that_it_is_given_until_it_is_forgotten()
    {
        Assert.Contains("mine/square(int x)", (await RunAsync("push", Samples, "--name", "mine")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("Did you mean mine?", (await RunAsync("functions", "mien")).Expect(4).Error, StringComparison.Ordinal);
        (await RunAsync("functions", "mine", "--forget")).Expect(0);
        (await RunAsync("functions", "mine")).Expect(4);
        (await RunAsync("functions", "--forget")).Expect(2);
    }

    [Fact]
    public async Task What_cannot_be_pushed_is_told_with_the_reason()
    {
        Assert.Contains("There is no file", (await RunAsync("push", "nowhere.dll")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("not a .NET assembly", (await RunAsync("push", Path.ChangeExtension(Samples, ".xml"))).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("[ClusterFunction]", (await RunAsync("push", BuildOutput.Of("tests/Functions", "Cluster.TestFunctions.dll"), "--name", "tests")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("'Samples'", (await RunAsync("push", Samples, "--name", "Samples")).Expect(1).Error, StringComparison.Ordinal);
    }

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);

    private Task<CliResult> RunAsync(string command, params string[] arguments) => CliProcess.RunAsync("", [command, "--address", _address, .. arguments]);

    private async Task StartAsync()
    {
        _coordinator = CliProcess.Start("coordinator", "--listen", _address, "--data-dir", _data);
        _address = Json(await _coordinator.ReadLineAsync()).GetProperty("addresses")[0].GetString()!;
    }
}
