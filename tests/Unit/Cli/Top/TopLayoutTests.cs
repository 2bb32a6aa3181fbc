using Cluster.Cli.Top;
using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Cli.Top;

public sealed class TopLayoutTests
{
    [Fact]
    public void A_small_cluster()
    {
        var waiting = Samples.Job("d2", expected: 7);
        waiting.WaitingFor = "no node has the labels gpu=a100";
        var top = Take([Samples.Node("node-1", running: 3, items: 1234), Samples.Node("node-2", NodeState.Draining)], Samples.Job("d1", completed: 200, expected: 1000), waiting);
        Assert.Equal(
            """
            cluster top - 12:00:00  http://head:7070  coordinator 1.2.3, up 1:00:00
            2 nodes, 8 slots: 3 busy, 1 free, 4 draining; 0/s; 2 jobs running, 0 queued

            NODE    STATE     SLOTS  BUSY  CHUNKS  ITEMS  RATE             MEMORY
            node-1  ready         4     3       3  1,234     -  100 MiB of 64 GiB
            node-2  draining      4     0       0      0     -  100 MiB of 64 GiB

            JOB  KIND       STATE    DONE  TOTAL  FAILED  RUNNING  RATE  LEFT  NAME
            d1   submitted  running   200  1,000       0        0   2/s  6:40  name of d1
            d2   submitted  running     0      7       0        0   0/s     -  name of d2 - no node has the labels gpu=a100
            """,
            string.Join('\n', Lines(top, 200, 50).Select(static row => row.Text)));
        Assert.Equal(
            [TopStyle.Heading, TopStyle.Plain, TopStyle.Plain, TopStyle.Heading, TopStyle.Plain, TopStyle.Warning, TopStyle.Plain, TopStyle.Heading, TopStyle.Plain, TopStyle.Warning],
            Lines(top, 200, 50).Select(static row => row.Style));
    }

    [Theory]
    [InlineData(40, 10, 3, 0)]
    [InlineData(40, 10, 100, 100)]
    [InlineData(80, 24, 100, 1)]
    [InlineData(80, 24, 1, 100)]
    [InlineData(80, 24, 100, 100)]
    [InlineData(200, 62, 20, 35)]
    public void No_line_is_wider_and_no_screen_is_higher_than_the_terminal(int width, int height, int nodes, int jobs)
    {
        var top = Take(
            [.. Enumerable.Range(0, nodes).Select(static i => Samples.Node($"a-node-with-a-rather-long-name-{i}"))],
            [.. Enumerable.Range(0, jobs).Select(static i => Samples.Job($"d{i}", kind: JobKind.Stream))]);
        var lines = Lines(top, width, height);
        Assert.InRange(lines.Count, 1, height);
        Assert.All(lines, row => Assert.InRange(row.Text.Length, 0, width));
        Assert.Equal(nodes > 50, lines.Any(static row => row.Text.EndsWith("more nodes", StringComparison.Ordinal)));
        Assert.Equal(jobs > 50, lines.Any(static row => row.Text.EndsWith("more jobs", StringComparison.Ordinal)));
    }

    [Fact]
    public void Rows_that_are_left_out_are_counted()
    {
        var top = Take([.. Enumerable.Range(0, 100).Select(static i => Samples.Node($"n{i:000}"))]);
        var lines = Lines(top, 80, 24).Select(static row => row.Text).ToArray();
        var shown = lines.Count(static line => line.StartsWith('n'));
        Assert.Contains($"… {100 - shown} more nodes", lines);
        Assert.InRange(shown, 10, 18);
    }

    [Fact]
    public void Names_that_others_gave_do_not_move_the_cursor()
    {
        var job = Samples.Job("d1");
        job.Name = "bad\e[2Jname\n";
        Assert.EndsWith("bad?[2Jname?", Lines(Take([], job), 200, 50)[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_coordinator_is_told_first()
    {
        var model = new TopModel("http://head:7070");
        var lines = TopLayout.Of(model.Lose("nothing listens there", Samples.Noon), 80, 24, TimeZoneInfo.Utc);
        Assert.Equal(new TopRow("RECONNECTING: nothing listens there", TopStyle.Problem), lines[2]);
    }

    private static IReadOnlyList<TopRow> Lines(TopSnapshot top, int width, int height) => TopLayout.Of(top, width, height, TimeZoneInfo.Utc);

    private static TopSnapshot Take(NodeInfo[] nodes, params JobInfo[] jobs) => new TopModel("http://head:7070").Take(Samples.Nodes(nodes), jobs, Samples.Noon, TimeSpan.Zero);
}
