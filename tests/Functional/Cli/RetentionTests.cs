using System.Text.Json;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Cli;

/// <summary>What is kept of submitted jobs, and how many run, is said on the command line of <c>up</c> and <c>coordinator</c>.</summary>
public sealed class RetentionTests
{
    [Fact]
    public async Task As_many_run_as_may_and_what_has_ended_is_forgotten_in_time()
    {
        await using var up = CliProcess.Start("up", "--workers", "2", "--listen", "http://127.0.0.1:0", "--keep-jobs-days", "0", "--keep-jobs-mib", "16", "--max-running-jobs", "1");
        var address = JsonSerializer.Deserialize<JsonElement>(await up.ReadLineAsync()).GetProperty("address").GetString()!;
        (await CliProcess.RunAsync("", "push", BuildOutput.Of("samples/Functions", "samples.dll"), "--name", "samples", "--address", address)).Expect(0);
        var first = await SubmitAsync(address, "60");
        var second = await SubmitAsync(address, "0");
        Assert.Contains("--max-running-jobs", (await CliProcess.RunAsync("", "job", second, "--address", address)).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains(second, (await CliProcess.RunAsync("", "jobs", "--state", "queued", "--address", address)).Expect(0).Output, StringComparison.Ordinal);
        (await CliProcess.RunAsync("", "cancel", first, "--address", address)).Expect(0);
        while ((await CliProcess.RunAsync("", "jobs", "--json", "--address", address)).Expect(0).Lines.Length > 0)
        {
            // Each goes when it has ended: there is nothing to wait for but that.
        }
    }

    private static async Task<string> SubmitAsync(string address, string seconds) =>
        (await CliProcess.RunAsync("", "submit", "samples/wait", seconds, "--address", address)).Expect(0).Output.Trim();
}
