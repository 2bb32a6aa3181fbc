using System.Diagnostics;
using Cluster.Client;
using Cluster.Functional.Restart;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Samples;

/// <summary>samples/Detached: a program submits a job and ends, others follow it, the coordinator is killed meanwhile.</summary>
public sealed class DetachedSampleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_outlives_the_program_that_submitted_it_and_the_coordinator()
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        var submitted = await RunAsync("submit", cluster.Client.Address, "100");
        Assert.Equal((0, "Submitted."), (submitted.ExitCode, submitted.Error.Trim()));
        var id = submitted.Output.Trim();
        await cluster.StopAsync(Signals.Kill);
        await cluster.StartAgainAsync();
        var followed = await RunAsync("follow", cluster.Client.Address, id);
        Assert.Equal((0, ""), (followed.ExitCode, followed.Error));
        // The longest below a million, as the literature has it.
        Assert.Contains("range 41: 837799 takes 524 steps", followed.Output.Split(Environment.NewLine));
        Assert.Equal((id, "It had been submitted already."), await AgainAsync(cluster));
        Assert.Equal(100, (await cluster.Client.GetJob(id).GetStatusAsync(Token)).Completed);
        Assert.Equal(2, (await RunAsync("submit")).ExitCode);
    }

    private static async Task<(string Id, string Told)> AgainAsync(RestartableCluster cluster)
    {
        var again = await RunAsync("submit", cluster.Client.Address, "100");
        return (again.Output.Trim(), again.Error.Trim());
    }

    private static async Task<SampleRun> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", BuildOutput.Of("samples/Detached", "Cluster.Samples.Detached.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var error = process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return new SampleRun(process.ExitCode, await output, await error);
    }
}
