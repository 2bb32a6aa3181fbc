using Cluster.Interop.Cases;
using Xunit;

namespace Cluster.Interop.Foreign;

/// <summary>grpcio's client against our server.</summary>
public sealed class PythonClientTests(PythonClientFixture fixture) : IClassFixture<PythonClientFixture>
{
    public static TheoryData<string> Names => InteropCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Case(string name)
    {
        ForeignTools.Require(fixture.Missing);
        fixture.Results!.AssertPassed(name);
    }
}
