using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace Cluster.Interop.Foreign;

/// <summary>A test for each case of a Python client.</summary>
/// <param name="fixture">Has run all of them.</param>
public abstract class PythonCaseTests<TFixture>(TFixture fixture) : IClassFixture<TFixture>
    where TFixture : PythonFixture, IPythonClient
{
    /// <summary>What the script has in its list of cases.</summary>
    [SuppressMessage("Design", "CA1000:Do not declare static members on generic types", Justification = "xUnit looks for the data in the class that declares the test.")]
    public static TheoryData<string> Names =>
    [
        .. File.ReadLines(Path.Combine(ForeignTools.ProjectDirectory, "Python", TFixture.Script))
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
