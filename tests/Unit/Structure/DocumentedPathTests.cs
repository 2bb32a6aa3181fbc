using System.Text.RegularExpressions;
using Xunit;

namespace Cluster.Unit.Structure;

/// <summary>Documents that name files which moved are worse than none.</summary>
public sealed partial class DocumentedPathTests
{
    [Fact]
    public void Every_path_that_the_documents_name_exists()
    {
        var documents = Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")).ToList();
        Assert.NotEmpty(documents);

        var missing =
            from document in documents
            from Match match in PathInBackticks().Matches(File.ReadAllText(document))
            let path = match.Groups[1].Value
            where !Path.Exists(Path.Combine(Repository.Root, path))
            select $"{Path.GetFileName(document)} names {path}";
        Assert.Empty(missing);
    }

    [Fact]
    public void The_readme_stays_a_page() =>
        Assert.InRange(File.ReadLines(Path.Combine(Repository.Root, "README.md")).Count(), 1, 150);

    [GeneratedRegex(@"`((?:src|tests|samples|bench|deploy|docs|protos|\.ci)/[A-Za-z0-9_./-]+)`")]
    private static partial Regex PathInBackticks();
}
