using Cluster.Cli.Top;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Xunit;

namespace Cluster.Unit.Cli.Top;

public sealed class TopModelTests
{
    private readonly TopModel _model = new("http://head:7070");

    [Fact]
    public void Slots_are_busy_free_draining_or_silent()
    {
        var top = Take(0, [Samples.Node("b", running: 3), Samples.Node("a", running: 6), Samples.Node("c", NodeState.Draining, running: 2), Samples.Node("d", NodeState.Suspect)]);
        Assert.Equal(new TopSlots(Busy: 7, Free: 1, Draining: 4, Silent: 4), top.Slots);
        Assert.Equal([("a", "ready", 4), ("b", "ready", 3), ("c", "draining", 2), ("d", "suspect", 0)], top.Nodes.Select(static node => (node.Name, node.State, node.Busy)));
    }

    [Fact]
    public void A_job_has_the_rate_of_its_life_at_first_and_then_that_of_the_last_seconds()
    {
        var first = Assert.Single(Take(0, [], Samples.Job("d1", completed: 200, expected: 1000)).Jobs);
        Assert.Equal((200, 1000L, 2.0, 400.0), (first.Done, first.Total, first.Rate, first.SecondsLeft));
        var second = Assert.Single(Take(2, [], Samples.Job("d1", completed: 300, expected: 1000)).Jobs);
        Assert.Equal((50.0, 14.0), (second.Rate, second.SecondsLeft));
    }

    [Fact]
    public void Where_nobody_knows_the_end_there_is_none()
    {
        var job = Assert.Single(Take(0, [], Samples.Job("job-1", completed: 200, kind: JobKind.Stream)).Jobs);
        Assert.Equal(("stream", null, null), (job.Kind, job.Total, job.SecondsLeft));
    }

    [Fact]
    public void A_process_has_a_place()
    {
        var info = Samples.Job("job-2", expected: 1, kind: JobKind.Process);
        (info.Node, info.Pid) = ("a", 4711);
        var job = Assert.Single(Take(0, [], info).Jobs);
        Assert.Equal(("process", "a", 4711), (job.Kind, job.Node, job.Pid));
    }

    [Fact]
    public void After_a_restart_of_the_coordinator_the_same_id_is_another_job()
    {
        Take(0, [], Samples.Job("job-1", completed: 10));
        var reply = Samples.Nodes();
        reply.Coordinator.StartedAt = Samples.Noon.ToTimestamp();
        var job = Samples.Job("job-1", completed: 5000);
        var top = _model.Take(reply, [job], Samples.Noon, TimeSpan.FromSeconds(1));
        Assert.Equal(50, top.Jobs[0].Rate);
    }

    [Fact]
    public void While_nobody_answers_the_last_answer_stays()
    {
        Take(0, [Samples.Node("a")], Samples.Job("d1"));
        var top = _model.Lose("connection refused", Samples.Noon.AddSeconds(3));
        Assert.Equal(("connection refused", Samples.Noon.AddSeconds(3), 1, 1), (top.Reconnecting, top.At, top.Nodes.Count, top.Jobs.Count));
        Assert.Null(Take(4, []).Reconnecting);
    }

    private TopSnapshot Take(double seconds, NodeInfo[] nodes, params JobInfo[] jobs) =>
        _model.Take(Samples.Nodes(nodes), jobs, Samples.Noon.AddSeconds(seconds), TimeSpan.FromSeconds(seconds));
}
