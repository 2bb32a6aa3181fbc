using System.Text.RegularExpressions;
using Xunit;

namespace Cluster.Functional.Samples;

/// <summary>Every listing prints what its Python original prints, process ids, times and interleaving aside.</summary>
public sealed partial class MultiprocessingSampleTests(SampleRuns runs) : IClassFixture<SampleRuns>
{
    // Of ProcessControl, which is ended after three seconds: how far it has come, and been heard, depends on the machine, in Python too.
    private static readonly string[] Racing = ["Working... 2", "Working... 3"];

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
        text.Split('\n').Select(Normalize).Where(line => line.Length > 0 && !Racing.Contains(line)).Order(StringComparer.Ordinal);

    private static string Normalize(string line)
    {
        line = ProcessId().Replace(line.TrimEnd(), "$1<pid>");
        line = RandomItem().Replace(line, "$1<item>");
        line = Cpus().Replace(line, "$1<cpus>");
        line = line == Environment.ProcessorCount.ToString(System.Globalization.CultureInfo.InvariantCulture) ? "<cpus>" : line;
        return Time().Replace(line, "<number>$1");
    }

    [GeneratedRegex(@"((?:Process|process|Main process:|PID:?|Process ID:) )\d+")]
    private static partial Regex ProcessId();

    [GeneratedRegex(@"^(Producer: putting item |Consumer: got item )\d+")]
    private static partial Regex RandomItem();

    [GeneratedRegex(@"(Available CPUs: |pool with )\d+")]
    private static partial Regex Cpus();

    [GeneratedRegex(@"\d+\.\d+( ?s(?:econds)?$|x$)")]
    private static partial Regex Time();
}
