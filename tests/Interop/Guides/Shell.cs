using System.Globalization;
using System.Text;
using Cluster.Interop.Foreign;

namespace Cluster.Interop.Guides;

/// <summary>A shell that stays: variables, jobs and files of one command are there for the next.</summary>
internal sealed class Shell : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly string _end = $"end of {Guid.NewGuid():N}";
    private readonly string _errors;
    private readonly ForeignProcess _bash;

    /// <param name="directory">Where it runs.</param>
    /// <param name="errors">A file for what commands write to stderr.</param>
    /// <param name="environment">Variables.</param>
    public Shell(string directory, string errors, IReadOnlyDictionary<string, string> environment) =>
        (_errors, _bash) = (errors, ForeignProcess.Start("bash", ["--noprofile", "--norc"], directory, environment));

    /// <summary>Runs a command. Of one that goes on behind (<c>&amp;</c>) it waits for the first line.</summary>
    /// <returns>Its exit code and what it wrote.</returns>
    public async Task<(int ExitCode, string Output, string Errors)> RunAsync(string command, CancellationToken cancellationToken)
    {
        var behind = command.Split(" #")[0].TrimEnd().EndsWith('&');
        await File.WriteAllTextAsync(_errors, "", cancellationToken);

        // The shell's own stdin is this script, which no command may read.
        await _bash.Input.WriteLineAsync($"{{ {command}\n}} < /dev/null 2{(behind ? ">> /dev/null" : $"> '{_errors}'")}\nprintf '\\n%s %d\\n' '{_end}' $?");
        await _bash.Input.FlushAsync(cancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        int? exitCode = null;
        var output = new StringBuilder();
        while (exitCode is null || (behind && string.IsNullOrWhiteSpace(output.ToString())))
        {
            var line = await _bash.ReadLineAsync(deadline.Token);
            if (line.StartsWith(_end, StringComparison.Ordinal))
            {
                exitCode = int.Parse(line[_end.Length..], CultureInfo.InvariantCulture);
            }
            else
            {
                output.Append(line).Append('\n');
            }
        }

        return (exitCode.Value, output.ToString().Trim('\n'), (await File.ReadAllTextAsync(_errors, cancellationToken)).Trim('\n'));
    }

    public ValueTask DisposeAsync() => _bash.DisposeAsync();
}
