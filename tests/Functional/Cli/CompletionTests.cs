using System.Globalization;
using Cluster.Client;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Cli;

/// <summary>Completion as a shell does it, with the script that the command prints.</summary>
public sealed class CompletionTests : IDisposable
{
    // What bash does on TAB: it sets these variables and calls the function that `complete` has registered.
    private const string Tab = """
        set -eu
        source <(cluster completion bash)
        function=$(complete -p cluster | sed 's/.*-F \([^ ]*\).*/\1/')
        while IFS= read -r COMP_LINE; do
            COMP_POINT=${#COMP_LINE}
            read -ra COMP_WORDS <<< "$COMP_LINE"
            if [[ $COMP_LINE == *' ' ]]; then COMP_WORDS+=(''); fi
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            $function
            printf '%s\n' "${COMPREPLY[*]-}"
        done
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-completion-test-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Bash_completes_commands_options_and_words()
    {
        var answers = await CompleteAsync("cluster jo", "cluster dict ", "cluster job --wa", "cluster jobs --state r", "cluster coordinator --max-r", "cluster node --pref", "cluster nothing-begins-so");
        Assert.Equal(["job jobs", "delete get incr list set watch", "--wait", "running", "--max-running-jobs", "--prefetch", ""], answers);
    }

    [Fact]
    public async Task Bash_completes_names_of_what_the_cluster_has()
    {
        await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 1 }, Token);
        await local.Client.PushAsync(BuildOutput.Of("samples/Functions", "samples.dll"), "samples", Token);
        var id = (await CliProcess.RunAsync("", "submit", "samples/square", "1", "--address", local.Address)).Expect(0).Output.Trim();
        foreach (var (line, name) in new[] { ("submit --address {0} samples/sq", "samples/square"), ("results --address {0} ", id), ("drain --address {0} no", "node-1") })
        {
            // Nobody waits for a cluster that is slow to answer; one presses TAB again.
            var answer = "";
            for (var tries = 0; answer != name && tries < 10; tries++)
            {
                answer = Assert.Single(await CompleteAsync($"cluster {string.Format(CultureInfo.InvariantCulture, line, local.Address)}"));
            }

            Assert.Equal(name, answer);
        }

        Assert.DoesNotContain(id, Assert.Single(await CompleteAsync("cluster cancel --address http://127.0.0.1:1 ")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    public async Task The_scripts_of_other_shells_are_understood_by_them(string shell, string check)
    {
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, shell))), $"There is no {shell} on this machine.");
        var script = Path.Combine(_folder.FullName, $"script.{shell}");
        await File.WriteAllTextAsync(script, (await CliProcess.RunAsync("", "completion", shell)).Expect(0).Output, Token);
        await using var run = CliProcess.StartProgram(shell, check, script);
        (await run.RunToEndAsync("")).Expect(0);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Every_script_asks_the_command(string shell) =>
        Assert.Contains("[suggest:", (await CliProcess.RunAsync("", "completion", shell)).Expect(0).Output, StringComparison.Ordinal);

    private async Task<string[]> CompleteAsync(params string[] lines)
    {
        var command = Path.Combine(_folder.FullName, "cluster");
        await File.WriteAllTextAsync(command, $"#!/bin/sh\nexec dotnet '{BuildOutput.Of("src/Cli", "cluster.dll")}' \"$@\"\n", Token);
        await using var bash = CliProcess.StartProgram("env", $"PATH={_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}", "bash", "-c", $"chmod +x '{command}'\n{Tab}");
        return [.. (await bash.RunToEndAsync(string.Join('\n', lines) + "\n")).Expect(0).Output.TrimEnd('\n').Split('\n').Concat(Enumerable.Repeat("", lines.Length)).Take(lines.Length)];
    }
}
