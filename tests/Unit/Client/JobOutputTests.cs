using Cluster.Client.Jobs;
using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Client;

public sealed class JobOutputTests
{
    [Fact]
    public void Lines_that_were_dropped_leave_a_line_in_their_place()
    {
        var lines = JobOutput.Lines(new Output
        {
            Dropped = { new DroppedLines { Node = "b", Lines = 1234 } },
            Lines = { new OutputLine { Text = "hello", Node = "a", WorkerPid = 5, Index = 1 } },
        });
        Assert.Equal(2, lines.Count);
        Assert.Equal((true, "b", 0, null), (lines[0].IsError, lines[0].Node, lines[0].WorkerPid, lines[0].Index));
        Assert.StartsWith("[1,234 lines of node b were dropped", lines[0].Text, StringComparison.Ordinal);
        Assert.Equal(new Cluster.Client.OutputLine("hello", IsError: false, "a", 5, 1), lines[1]);
    }
}
