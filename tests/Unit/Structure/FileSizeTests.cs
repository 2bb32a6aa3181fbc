using Xunit;

namespace Cluster.Unit.Structure;

public sealed class FileSizeTests
{
    private const int MaxLines = 400;

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        string[] folders = ["src", "tests", "samples", "bench"];
        var offenders =
            from folder in folders
            from path in Repository.Files(folder, "*.cs")
            let lines = File.ReadLines(Path.Combine(Repository.Root, path)).Count()
            where lines > MaxLines
            select $"{path} has {lines} lines";
        Assert.Empty(offenders);
    }
}
