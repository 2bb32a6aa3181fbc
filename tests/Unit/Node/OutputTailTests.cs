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
    public void The_workers_own_frames_do_not_push_out_what_happened()
    {
        var tail = new OutputTail(capacity: 100);
        tail.Add("boom");
        tail.Add("   at App.Program.Work(Int32)");
        for (var i = 0; i < 100; i++)
        {
            tail.Add("   at Cluster.Worker.Running.FrameLoop.Run()");
        }

        Assert.Equal("boom\n   at App.Program.Work(Int32)\n", tail.ToString());
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
