using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Scheduling;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Coordinator.Jobs;

/// <summary>What is told of jobs that belong to a call.</summary>
public sealed class StreamInfoTests
{
    [Fact]
    public void It_is_a_stream_and_has_the_numbers_of_its_session()
    {
        var job = Session();
        (job.Received, job.Completed, job.Failed) = (10, 4, 1);
        var info = StreamInfo.Of(job, Snapshot(pending: 2, running: 3));
        Assert.Equal(("job-7", JobKind.Stream, JobStatus.Running, "squares", "App.Program.Square"), (info.JobId, info.Kind, info.State, info.Name, info.Function));
        Assert.Equal((10UL, 4UL, 1UL, 3UL, "", false), (info.Items, info.Completed, info.Failed, info.Running, info.WaitingFor, info.HasExpectedItems));
        Assert.Equal(Begin, info.SubmittedAt.ToDateTimeOffset());
    }

    [Fact]
    public void How_many_there_will_be_is_known_from_the_caller_or_at_the_end_of_the_inputs()
    {
        var job = Session(spec => spec.ExpectedCount = 100);
        job.Received = 10;
        Assert.Equal(100UL, StreamInfo.Of(job, null).ExpectedItems);
        job.Received = 200;
        Assert.Equal(200UL, StreamInfo.Of(job, null).ExpectedItems);
        var other = Session();
        (other.Received, other.HasAllInputs) = (10, true);
        Assert.Equal(10UL, StreamInfo.Of(other, null).ExpectedItems);
    }

    [Fact]
    public void Why_nothing_runs_is_the_schedulers_reason_or_the_caller()
    {
        Assert.Equal("no node attached", StreamInfo.Of(Session(), Snapshot(pending: 1, waitingFor: "no node attached")).WaitingFor);
        Assert.Equal("its caller has sent no further items", StreamInfo.Of(Session(), Snapshot()).WaitingFor);
        Assert.Equal("", StreamInfo.Of(Session(), Snapshot(running: 1)).WaitingFor);
    }

    [Fact]
    public void A_process_has_a_node_and_an_id()
    {
        var job = Session(spec => spec.Process = true);
        (job.ProcessId, job.ProcessNode) = (4711, "a");
        var info = StreamInfo.Of(job, Snapshot(running: 1));
        Assert.Equal((JobKind.Process, "a", 4711), (info.Kind, info.Node, info.Pid));
    }

    [Theory]
    [InlineData(null, JobStatus.Done)]
    [InlineData(ErrorKind.Cancelled, JobStatus.Cancelled)]
    [InlineData(ErrorKind.NoNodes, JobStatus.Failed)]
    public void Its_end_says_how(ErrorKind? kind, JobStatus state)
    {
        var job = Session();
        job.HasEnded = true;
        job.Outbox.End(new JobEnd { Error = kind is { } known ? new ErrorInfo { Kind = known } : null });
        var info = StreamInfo.Of(job, Snapshot(running: 3, waitingFor: "something"));
        Assert.Equal((state, 0UL, ""), (info.State, info.Running, info.WaitingFor));
    }

    [Fact]
    public void A_call_that_broke_has_cancelled_its_job()
    {
        var job = Session();
        job.Abort(StatusCode.Unavailable, "gone");
        job.HasEnded = true;
        Assert.Equal(JobStatus.Cancelled, StreamInfo.Of(job, null).State);
    }

    private static readonly DateTimeOffset Begin = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static JobSession Session(Action<JobSpec>? change = null) =>
        new(new JobId(7), ScriptedJob.Spec(change), 1, new InputStore(Format.Raw, sizeof(long), new InputLimits()), new JobOutbox(new Sink(), 1000, static () => { })) { SubmittedAt = Begin };

    private static JobSnapshot Snapshot(ulong pending = 0, ulong running = 0, string? waitingFor = null) => new(0, 0, 0, 0, pending, running, 1, 2, waitingFor);

    private sealed class Sink : IAsyncStreamWriter<RunReply>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(RunReply message) => Task.CompletedTask;
    }
}
