using System.Text.RegularExpressions;
using Cluster.Interop.Foreign;
using Xunit;

namespace Cluster.Interop.Kubernetes;

/// <summary>The manifests are what Kubernetes takes and the programs need, and whatever is wrong with them is found.</summary>
public sealed partial class ManifestTests(ManifestFixture fixture) : IClassFixture<ManifestFixture>
{
    public static TheoryData<string> Overlays =>
        [.. QuotedText().Matches(File.ReadLines(Script("manifests.js")).Single(line => line.StartsWith("export const overlays", StringComparison.Ordinal))).Select(match => match.Groups[1].Value)];

    public static TheoryData<string> Fixtures => [.. FixtureName().Matches(File.ReadAllText(Script("fixtures.js"))).Select(match => match.Groups[1].Value)];

    public static TheoryData<string> RepositoryCases => [.. CaseName().Matches(File.ReadAllText(Script("repository.js"))).Select(match => match.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Overlays))]
    public void An_overlay_is_valid(string name) => AssertPassed($"overlay {name}");

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void A_fault_is_found_and_nothing_else(string name) => AssertPassed($"fixture {name}");

    [Theory]
    [MemberData(nameof(RepositoryCases))]
    public void The_files_keep_to(string name) => AssertPassed(name);

    private static string Script(string name) => Path.Combine(ForeignTools.KubernetesDirectory, name);

    private void AssertPassed(string name)
    {
        ForeignTools.Require(fixture.Missing);
        Assert.SkipWhen(fixture.Unable is not null, fixture.Unable ?? "");
        fixture.Results!.AssertPassed(name);
    }

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex QuotedText();

    [GeneratedRegex("""^  (?:production\(|autoscaled\(|example\(|secured\(|  name: )"([^"]+)",""", RegexOptions.Multiline)]
    private static partial Regex FixtureName();

    [GeneratedRegex("""^  "([^"]+)": \(\) => """, RegexOptions.Multiline)]
    private static partial Regex CaseName();
}
