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

    [Fact]
    public async Task Fish_completes_commands_options_and_words()
    {
        Require("fish");
        await using var fish = await StartShellAsync("fish", "--no-config", "-c", "cluster completion fish | source; for line in 'cluster jo' 'cluster job --wa' 'cluster jobs --state r'; complete -C $line; end");
        Assert.Equal(["job", "jobs", "--wait", "running"], (await fish.RunToEndAsync("")).Expect(0).Lines);
    }

    [Fact]
    public async Task Zsh_completes_commands_and_options_as_they_are_typed()
    {
        Require("zsh");
        await using var zsh = await StartShellAsync("script", "-qefc", "env TERM=dumb zsh -f -i", "/dev/null");

        // What is typed comes back at once: only what was done with it has the word in one piece.
        await zsh.TypeAsync("autoload -U compinit; compinit -u -D; source <(cluster completion zsh); echo rea''dy\n");
        await zsh.ReadUntilAsync("ready");
        await zsh.TypeAsync("cluster functio\t");
        await zsh.ReadUntilAsync("cluster functions");
        await zsh.TypeAsync("\u0015cluster job --wa\t");
        await zsh.ReadUntilAsync("cluster job --wait");
        await zsh.TypeAsync("\u0015exit\n");
        await zsh.WaitForExitAsync();
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Every_script_asks_the_command(string shell) =>
        Assert.Contains("[suggest:", (await CliProcess.RunAsync("", "completion", shell)).Expect(0).Output, StringComparison.Ordinal);

    private static void Require(string shell) => Assert.SkipWhen(InstalledProgram.Find(shell) is null, $"There is no {shell} on this machine.");

    // A program that finds the command by its name.
    private async Task<CliProcess> StartShellAsync(params string[] command)
    {
        var cluster = Path.Combine(_folder.FullName, "cluster");
        await File.WriteAllTextAsync(cluster, $"#!/bin/sh\nexec dotnet '{BuildOutput.Of("src/Cli", "cluster.dll")}' \"$@\"\n", Token);
        return CliProcess.StartProgram(
            "env", [$"PATH={_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}", "sh", "-c", "chmod +x \"$0\" && exec \"$@\"", cluster, .. command]);
    }

    private async Task<string[]> CompleteAsync(params string[] lines)
    {
        await using var bash = await StartShellAsync("bash", "-c", Tab);
        return [.. (await bash.RunToEndAsync(string.Join('\n', lines) + "\n")).Expect(0).Output.TrimEnd('\n').Split('\n').Concat(Enumerable.Repeat("", lines.Length)).Take(lines.Length)];
    }
}
