using Cluster.Local.Processes;
using Xunit;

namespace Cluster.Unit.Local;

public sealed class OutputTailTests
{
    [Fact]
    public void The_last_lines_that_fit_are_kept()
    {
        var tail = new OutputTail(maxCharacters: 6);
        foreach (var line in (string[])["aaa", "bbb", "ccc"])
        {
            tail.Add(line);
        }

        Assert.Equal($"bbb{Environment.NewLine}ccc", tail.ToString());
    }

    [Fact]
    public void Of_a_line_that_is_too_long_the_end_is_kept()
    {
        var tail = new OutputTail(maxCharacters: 3);
        tail.Add("123456");
        Assert.Equal("456", tail.ToString());
    }
}
