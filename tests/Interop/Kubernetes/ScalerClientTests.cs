using Cluster.Interop.Foreign;
using Xunit;

namespace Cluster.Interop.Kubernetes;

/// <summary>KEDA's contract as grpcio's client sees it, and what happens to a cluster that has been scaled to nothing.</summary>
public sealed class ScalerClientTests(ScalerClientFixture fixture) : IClassFixture<ScalerClientFixture>
{
    /// <summary>What the script has in its list of cases.</summary>
    public static TheoryData<string> Names =>
    [
        .. File.ReadLines(Path.Combine(ForeignTools.ProjectDirectory, "Python", "scaler_client.py"))
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
