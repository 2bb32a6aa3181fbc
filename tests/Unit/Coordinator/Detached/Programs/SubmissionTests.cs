using Cluster.Coordinator.Detached;
using Cluster.Coordinator.Detached.Programs;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.Coordinator;
using Cluster.TestKit.Time;
using Cluster.Unit.Coordinator.Journal;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Cluster.Unit.Coordinator.Detached.Programs;

/// <summary>What is on the disk of a submission that is not complete, and for how long.</summary>
public sealed class SubmissionTests
{
    private static readonly DateTimeOffset Now = Detached.Submissions.Begin;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_call_goes_on_where_the_last_one_was_also_after_a_restart()
    {
        using var disk = new SimulatedDisk();
        var files = new JobFiles(disk);
        using (var first = new Submission("a", "", files.OpenItems("a")))
        {
            first.Append(RawBatches.Of(0, 3));
            first.Append(Fragment(3, 0));
            using var call = new CancellationTokenSource();
            first.Join(call);
            await first.EnterAsync(call.Token);
            Assert.Equal(3UL, first.Stored);
            first.Append(Fragment(3, 0));
            first.Append(Fragment(3, 2));
            first.Append(Fragment(4, 0));
            first.Sync();
        }

        disk.Crash(new Random(1));
        Assert.Equal(["a"], files.ListUnfinished());
        Assert.Empty(files.List());
        using var log = files.OpenItems("a");
        using var again = new Submission("a", "", log);
        Assert.Equal(4UL, again.Stored);
        using var next = new CancellationTokenSource();
        again.Join(next);
        await again.EnterAsync(next.Token);
        again.Append(RawBatches.Of(4, 1));
        Assert.Equal([0UL, 3, 3, 4], log.Walk(0).Select(entry => entry.Inputs.First));
        Assert.Equal([0UL, 0, 2, 0], log.Walk(0).Select(entry => entry.Inputs.FragmentOffset));
    }

    [Fact]
    public async Task A_call_ends_the_one_before_it_and_waits_until_that_has_let_go()
    {
        using var disk = new SimulatedDisk();
        using var submission = new Submission("a", "", new JobFiles(disk).OpenItems("a"));
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        submission.Join(first);
        await submission.EnterAsync(first.Token);
        submission.Join(second);
        Assert.True(first.IsCancellationRequested);
        var entering = submission.EnterAsync(second.Token);
        Assert.False(entering.IsCompleted);
        submission.Leave(first, entered: true, Now);
        await entering.Within();
        Assert.Null(submission.LeftAt);
        submission.Leave(second, entered: true, Now);
        Assert.Equal(Now, submission.LeftAt);
    }

    [Fact]
    public void What_nobody_goes_on_with_is_removed_in_time()
    {
        using var disk = new SimulatedDisk();
        var files = new JobFiles(disk);
        files.OpenItems("old").Dispose();
        var time = new ManualTime();
        using var submissions = new Cluster.Coordinator.Detached.Programs.Submissions(files, time, NullLogger<Cluster.Coordinator.Detached.Programs.Submissions>.Instance);
        using var call = new CancellationTokenSource();
        var open = submissions.Join(Spec("key"), call);
        var left = submissions.Join(Spec("other"), call);
        left.Leave(call, entered: false, time.GetUtcNow());
        time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(3, files.ListUnfinished().Count);
        time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal([open.Id], files.ListUnfinished());
        Assert.True(left.IsOver);
        submissions.Close(open, keep: true);
        Assert.Equal([open.Id], files.ListUnfinished());
    }

    [Fact]
    public void Of_one_request_one_submission_is_under_way()
    {
        using var disk = new SimulatedDisk();
        var files = new JobFiles(disk);
        var time = new ManualTime();
        using var submissions = new Cluster.Coordinator.Detached.Programs.Submissions(files, time, NullLogger<Cluster.Coordinator.Detached.Programs.Submissions>.Instance);
        using var call = new CancellationTokenSource();
        var first = submissions.Join(Spec("one", "nightly"), call);
        Assert.Same(first, submissions.Join(Spec("one", "nightly"), call));
        var refusal = Assert.Throws<RpcException>(() => submissions.Join(Spec("two", "nightly"), call));
        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
        first.Leave(call, entered: false, time.GetUtcNow());
        Assert.NotSame(first, submissions.Join(Spec("two", "nightly"), call));
        Assert.True(first.IsOver);
    }

    [Fact]
    public void The_same_request_is_the_same_whatever_was_compiled_again()
    {
        var spec = Spec("one", "nightly");
        var again = Spec("two", "nightly");
        again.Function.Code = new Cluster.Protocol.V1.Code { Files = { new CodeFile { Name = "App" } } };
        (again.Function.Token, again.Traceparent, again.Runtime) = (7, "00-x", ".NET 11.0");
        Assert.True(SameRequest.Is(spec, again));
        again.Function.Target = ByteString.CopyFromUtf8("{\"by\":3}");
        Assert.False(SameRequest.Is(spec, again));
        Assert.False(SameRequest.Is(spec, new JobSpec(spec) { ExpectedCount = 5 }));
        Assert.False(SameRequest.Is(spec, new JobSpec(spec) { Priority = 1 }));
    }

    [Fact]
    public void What_cannot_be_kept_is_refused_by_its_name()
    {
        DetachmentRules.Require(Spec("a-key-of-sixteen"));
        foreach (var (field, spec) in new (string, JobSpec)[]
        {
            ("`key`", Spec("short")),
            ("`request_id`", Spec("a-key-of-sixteen", new string('x', 129))),
            ("`pin_nodes`", new JobSpec(Spec("a-key-of-sixteen")) { PinNodes = { "n" } }),
            ("`process`", new JobSpec(Spec("a-key-of-sixteen")) { Process = true }),
            ("64 labels", new JobSpec(Spec("a-key-of-sixteen")) { Detach = new Detachment { Labels = { [""] = "x" } } }),
        })
        {
            var refusal = Assert.Throws<RpcException>(() => DetachmentRules.Require(spec));
            Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
            Assert.Contains(field, refusal.Status.Detail, StringComparison.Ordinal);
        }
    }

    private static JobSpec Spec(string key, string requestId = "") => ScriptedJob.Spec(spec => (spec.Key, spec.Detach) = (key, new Detachment { RequestId = requestId }));

    private static Batch Fragment(ulong index, ulong offset) =>
        new() { First = index, Count = 1, Format = Format.Bytes, FragmentTotal = 4, FragmentOffset = offset, Payload = ByteString.CopyFrom(1, 2) };
}
