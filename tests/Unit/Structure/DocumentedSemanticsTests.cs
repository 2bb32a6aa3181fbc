using System.Text.RegularExpressions;
using Xunit;

namespace Cluster.Unit.Structure;

/// <summary>docs/semantics.md says where each behaviour is shown; what it names is there.</summary>
public sealed partial class DocumentedSemanticsTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs/semantics.md"));

    [Fact]
    public void Every_test_that_it_names_exists()
    {
        var sources = Repository.Files("tests", "*Tests.cs").ToLookup(file => Path.GetFileNameWithoutExtension(file), file => File.ReadAllText(Path.Combine(Repository.Root, file)));
        var named = Test().Matches(Document).Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).ToList();
        Assert.NotEmpty(named);
        Assert.All(named, test => Assert.Contains(sources[test.Class], source => source.Contains($" {test.Method}(", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_comparison_that_it_names_exists_and_none_is_forgotten()
    {
        var named = Peer().Matches(Document).SelectMany(match => Name().Matches(match.Value)).Select(match => match.Groups[1].Value).Order();
        var existing = PythonCase().Matches(File.ReadAllText(Path.Combine(Repository.Root, "tests/Functional/Peer/multiprocessing_cases.py"))).Select(match => match.Groups[1].Value).Order();
        Assert.Equal(existing, named);
    }

    [Fact]
    public void Every_row_names_one() =>
        Assert.All(Row().Matches(Document), row => Assert.True(Test().IsMatch(row.Value) || Peer().IsMatch(row.Value), row.Value));

    // "`MapTests.Empty_input_gives_an_empty_result`"
    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex Test();

    // "*peer* `queue_full_and_empty`, `list_items`"
    [GeneratedRegex(@"\*peer\* `[a-z_]+`(?:, `[a-z_]+`)*")]
    private static partial Regex Peer();

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Name();

    // A line of a table that is neither its head nor the rule below that.
    [GeneratedRegex(@"^\| (?!In Python)[^-].*$|^\| — .*$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^def ((?:queue|dict|list|array|pipe|lock|rlock|semaphore|bounded|event|condition|barrier)_[a-z_]+)\(", RegexOptions.Multiline)]
    private static partial Regex PythonCase();
}
