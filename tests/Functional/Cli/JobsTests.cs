using System.Text.Json;
using Cluster.Client;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Cli;

/// <summary>Submitted jobs from the command line: <c>submit</c>, <c>jobs</c>, <c>job</c>, <c>results</c>, <c>cancel</c>.</summary>
public sealed class JobsTests : IAsyncLifetime
{
    private LocalCluster? _local;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 2 }, Token);
        await _local.Client.PushAsync(BuildOutput.Of("samples/Functions", "samples.dll"), "samples", Token);
    }

    public ValueTask DisposeAsync() => _local?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_job_is_submitted_watched_and_fetched()
    {
        var id = (await RunAsync("", "submit", "samples/square", "1", "2", "3", "--name", "squares")).Expect(0).Output.Trim();
        Assert.Equal(["1", "4", "9"], (await RunAsync("", "results", id)).Expect(0).Lines);
        Assert.Equal(["9"], (await RunAsync("", "results", id, "--from", "2")).Expect(0).Lines);
        Assert.Contains("has 3 items", (await RunAsync("", "results", id, "--from", "4")).Expect(2).Error, StringComparison.Ordinal);

        var job = (await RunAsync("", "job", id, "--wait")).Expect(0).Output;
        Assert.Contains($"{id}  done  squares", job, StringComparison.Ordinal);
        Assert.Contains("3 of 3 items have a result, 0 failed, 0 are running.", job, StringComparison.Ordinal);
        var line = JsonSerializer.Deserialize<JsonElement>((await RunAsync("", "jobs", "--json", "--name", "squ")).Expect(0).Lines.Single());
        Assert.Equal((id, "done", 3), (line.GetProperty("job").GetString(), line.GetProperty("state").GetString(), line.GetProperty("completed").GetInt32()));
        Assert.Empty((await RunAsync("", "jobs", "--json", "--state", "running")).Expect(0).Lines);
        Assert.Contains(id, (await RunAsync("", "jobs")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_pushed_is_mapped_by_its_name()
    {
        Assert.Equal(["1", "4"], (await RunAsync("", "map", "--function", "samples/square", "1", "2")).Expect(0).Lines);
        Assert.Equal(["1024"], (await RunAsync("", "map", "--function", "samples/power", "--star", "[2,10]")).Expect(0).Lines);
        Assert.Equal(["{\"Total\":2,\"ByWord\":{\"a\":2}}"], (await RunAsync("", "map", "--function", "samples/words", "a a")).Expect(0).Lines);
        Assert.Contains("samples/square", (await RunAsync("", "map", "--function", "samples/sqare", "1")).Expect(4).Error, StringComparison.Ordinal);
        Assert.Contains("Use --star", (await RunAsync("", "map", "--function", "samples/power", "1")).Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_stand_in_their_places_and_are_grouped_by_message()
    {
        var id = (await RunAsync("5\n0\n\"x\"\n0\n", "submit", "samples/share")).Expect(0).Output.Trim();
        var results = (await RunAsync("", "results", id)).Expect(1).Lines;
        Assert.Equal("20", results[0]);
        Assert.Equal("System.DivideByZeroException", JsonSerializer.Deserialize<JsonElement>(results[1]).GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(4, results.Length);

        var job = (await RunAsync("", "job", id, "--wait")).Expect(1).Output;
        Assert.Contains("2 × System.DivideByZeroException: ", job, StringComparison.Ordinal);
        Assert.Contains("(first: item 1)", job, StringComparison.Ordinal);
        Assert.Contains("1 × ", job, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_waits_says_why_and_can_be_cancelled()
    {
        var id = (await RunAsync("", "submit", "samples/square", "1", "--require", "gpu=true")).Expect(0).Output.Trim();
        string job;
        do
        {
            job = (await RunAsync("", "job", id)).Expect(0).Output;
        }
        while (!job.Contains("Nothing of it runs", StringComparison.Ordinal));

        Assert.Contains("gpu=true", job, StringComparison.Ordinal);
        Assert.Empty((await RunAsync("", "results", id, "--no-wait")).Expect(0).Lines);
        Assert.Equal("cancelled", (await RunAsync("", "cancel", id)).Expect(0).Output.Trim());
        (await RunAsync("", "job", id, "--wait")).Expect(1);
    }

    [Fact]
    public async Task Submitting_again_under_the_same_text_is_the_same_job()
    {
        var id = (await RunAsync("", "submit", "samples/square", "1", "--request-id", "tonight")).Expect(0).Output.Trim();
        Assert.Equal(id, (await RunAsync("", "submit", "samples/square", "1", "--request-id", "tonight")).Expect(0).Output.Trim());
        (await RunAsync("", "submit", "samples/square", "2", "--request-id", "tonight")).Expect(2);
    }

    [Fact]
    public async Task Labels_of_jobs_find_them_again()
    {
        var id = (await RunAsync("", "submit", "samples/square", "1", "--label", "team=data", "--label", "run=nightly")).Expect(0).Output.Trim();
        var other = (await RunAsync("", "submit", "samples/square", "1", "--label", "team=web")).Expect(0).Output.Trim();
        Assert.NotEqual(id, other);
        var line = JsonSerializer.Deserialize<JsonElement>(Assert.Single((await RunAsync("", "jobs", "--json", "--label", "team=data", "-l", "run=nightly")).Expect(0).Lines));
        Assert.Equal((id, "nightly"), (line.GetProperty("job").GetString(), line.GetProperty("labels").GetProperty("run").GetString()));
        Assert.Empty((await RunAsync("", "jobs", "--json", "--label", "team=web", "--label", "run=nightly")).Expect(0).Lines);
        Assert.Contains("team=data", (await RunAsync("", "job", id)).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("KEY=VALUE", (await RunAsync("", "submit", "samples/square", "1", "--label", "data")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("labels", (await RunAsync("", "submit", "samples/square", "1", "--label", $"{new string('k', 257)}=v")).Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_said()
    {
        Assert.Contains("samples/square", (await RunAsync("", "submit", "samples/squar", "1")).Expect(4).Error, StringComparison.Ordinal);
        (await RunAsync("", "job", "d0")).Expect(4);
        (await RunAsync("", "results", "d0")).Expect(4);
        (await RunAsync("", "cancel", "d0")).Expect(4);
        (await RunAsync("", "jobs", "--state", "lost")).Expect(2);
    }

    private Task<CliResult> RunAsync(string input, params string[] arguments) => CliProcess.RunAsync(input, [.. arguments, "--address", _local!.Address]);
}
