using Cluster.Interop.Foreign;
using Xunit;

namespace Cluster.Interop.AdHoc;

/// <summary>Functions by name as grpcio's client calls them.</summary>
public sealed class AdHocClientTests(AdHocClientFixture fixture) : IClassFixture<AdHocClientFixture>
{
    /// <summary>What the script has in its list of cases.</summary>
    public static TheoryData<string> Names =>
    [
        .. File.ReadLines(Path.Combine(ForeignTools.ProjectDirectory, "Python", "adhoc_client.py"))
            .SkipWhile(line => line != "CASES = (")
            .Skip(1)
            .TakeWhile(line => line != ")")
            .Select(line => line.Trim(' ', ',')),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Case(string name)
    {
        ForeignTools.Require(fixture.Missing);
        fixture.Results!.AssertPassed(name);
    }
}
