using Cluster.Interop.Foreign;
using Xunit;

namespace Cluster.Interop.Dictionaries;

/// <summary>Shared dictionaries as grpcio's client sees them.</summary>
public sealed class DictClientTests(DictClientFixture fixture) : IClassFixture<DictClientFixture>
{
    /// <summary>What the script has in its list of cases.</summary>
    public static TheoryData<string> Names =>
    [
        .. File.ReadLines(Path.Combine(ForeignTools.ProjectDirectory, "Python", "dict_client.py"))
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
