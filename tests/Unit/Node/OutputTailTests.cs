using Cluster.Node.Workers.Processes;
using Xunit;

namespace Cluster.Unit.Node;

public sealed class OutputTailTests
{
    [Fact]
    public void The_last_lines_that_fit_are_kept()
    {
        var tail = new OutputTail(capacity: 12);
        foreach (var line in new[] { "one", "two", "three", "four" })
        {
            tail.Add(line);
        }

        Assert.Equal("three\nfour\n", tail.ToString());
    }

    [Fact]
    public void Of_a_line_that_is_too_long_the_end_is_kept()
    {
        var tail = new OutputTail(capacity: 5);
        tail.Add("before");
        tail.Add("abcdefgh");
        Assert.Equal("efgh\n", tail.ToString());
    }
}
