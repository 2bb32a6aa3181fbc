using System.Text.RegularExpressions;
using Xunit;

namespace Cluster.Functional.Samples;

/// <summary>Every listing prints what its Python original prints, process ids, times and interleaving aside.</summary>
public sealed partial class MultiprocessingSampleTests(SampleRuns runs) : IClassFixture<SampleRuns>
{
    public static TheoryData<string> Listings() => [.. SampleRuns.Listings];

    [Theory]
    [MemberData(nameof(Listings))]
    public async Task A_listing_prints_what_the_original_prints(string name)
    {
        var expected = await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "Samples", "Expected", $"{name}.txt"),
            TestContext.Current.CancellationToken);

        var run = await runs[name].WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);

        Assert.True(run.ExitCode == 0, $"{name} ended with {run.ExitCode}: {run.Error}");
        Assert.Equal(Lines(expected), Lines(run.Output));
    }

    private static IEnumerable<string> Lines(string text) =>
        text.Split('\n').Select(Normalize).Where(line => line.Length > 0).Order(StringComparer.Ordinal);

    private static string Normalize(string line)
    {
        line = ProcessId().Replace(line.TrimEnd(), "Process <pid>");
        line = Cpus().Replace(line, "$1<cpus>");
        line = line == Environment.ProcessorCount.ToString(System.Globalization.CultureInfo.InvariantCulture) ? "<cpus>" : line;
        return Time().Replace(line, "<number>$1");
    }

    [GeneratedRegex(@"Process \d+")]
    private static partial Regex ProcessId();

    [GeneratedRegex(@"(Available CPUs: |pool with )\d+")]
    private static partial Regex Cpus();

    [GeneratedRegex(@"\d+\.\d+( ?s(?:econds)?$|x$)")]
    private static partial Regex Time();
}
