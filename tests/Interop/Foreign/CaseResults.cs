using System.Text.Json;
using Xunit;

namespace Cluster.Interop.Foreign;

/// <summary>What a foreign client said about each case: one line of JSON each, {"case": …, "error": null or text}.</summary>
internal sealed class CaseResults
{
    private readonly Dictionary<string, string?> _errors = [];
    private readonly string _transcript;

    public CaseResults((int ExitCode, string Output, string Errors) run)
    {
        _transcript = $"exit code {run.ExitCode}\n{run.Output}\n{run.Errors}";
        foreach (string line in run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using JsonDocument result = JsonDocument.Parse(line);
            _errors[result.RootElement.GetProperty("case").GetString()!] = result.RootElement.GetProperty("error").GetString();
        }
    }

    public void AssertPassed(string name)
    {
        Assert.True(_errors.TryGetValue(name, out string? error), $"The client did not run {name}: {_transcript}");
        Assert.True(error is null, $"{name}: {error}\n{_transcript}");
    }
}
