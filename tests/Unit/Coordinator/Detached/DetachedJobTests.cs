using Cluster.Coordinator.Detached;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.Unit.Coordinator.Journal;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Coordinator.Detached;

/// <summary>How far a job is, where its answers are, which jobs are told and which forgotten.</summary>
public sealed class DetachedJobTests
{
    [Fact]
    public void Its_file_says_how_far_it_is()
    {
        using var job = new DetachedJob(Submissions.Record("a", items: 5));
        Assert.Equal(JobStatus.Queued, job.Describe().State);
        var table = job.Start();
        job.Apply(Submissions.Results(3, 4), 100);
        var failed = Submissions.Results(0);
        failed.Results.Results[0].Error = new ErrorInfo { Kind = ErrorKind.User };
        job.Apply(failed, 200);
        var info = job.Describe();
        Assert.Equal((JobStatus.Running, 5UL, 2UL, 1UL), (info.State, info.Items, info.Completed, info.Failed));
        Assert.Equal([200, null, null, 100, 100], Enumerable.Range(0, 5).Select(table.Find));
        Assert.Equal([(new ItemRange(0, 1), true), (new ItemRange(1, 2), false), (new ItemRange(3, 2), true)], table.Ranges());
        table.Set(99, 0);
    }

    [Fact]
    public async Task Those_who_wait_for_a_change_are_told()
    {
        using var job = new DetachedJob(Submissions.Record("a"));
        var changed = job.Changed;
        Assert.False(changed.IsCompleted);
        job.Apply(new Progress { Running = 2, WaitingFor = "nodes" });
        await changed.Within();
        Assert.Equal((2UL, "nodes"), (job.Describe().Running, job.Describe().WaitingFor));
        job.Finish(Submissions.End(1));
        await job.Finished.Within();
        Assert.Equal((0UL, ""), (job.Describe().Running, job.Describe().WaitingFor));
    }

    [Fact]
    public async Task A_reader_of_a_job_that_waits_its_turn_gets_all_answers_and_then_the_reason_of_the_end()
    {
        using var disk = new SimulatedDisk();
        var files = new JobFiles(disk);
        files.Create(Submissions.Record("a"));
        using var job = new DetachedJob(Submissions.Record("a"));
        using var log = files.OpenResults("a");
        using var reading = files.OpenResults("a");
        var reader = new ResultReader(job, reading);
        Assert.Null(await reader.ReadAsync(0, wait: false, TestContext.Current.CancellationToken));
        var first = reader.ReadAsync(0, wait: true, TestContext.Current.CancellationToken);
        job.Start();
        job.Apply(Submissions.Results(0, 1), log.Append(Submissions.Results(0, 1)));
        Assert.Equal(0, (await first.Within())!.Value.NumberValue);
        Assert.True(reader.HasMore(1));
        var end = Submissions.End(1, JobStatus.Cancelled);
        end.Error = new ErrorInfo { Kind = ErrorKind.Cancelled };
        log.Append(new DetachedJobEntry { End = end });
        job.Finish(end);
        Assert.Equal(1, (await reader.ReadAsync(1, wait: true, TestContext.Current.CancellationToken))!.Value.NumberValue);
        Assert.Equal(ErrorKind.Cancelled, (await reader.ReadAsync(2, wait: true, TestContext.Current.CancellationToken))!.Error.Kind);

        // Whoever comes later reads the same from the file alone.
        using var again = files.OpenResults("a");
        var late = new ResultReader(job, again);
        Assert.Equal(1, (await late.ReadAsync(1, wait: false, TestContext.Current.CancellationToken))!.Value.NumberValue);
    }

    [Fact]
    public void Jobs_are_forgotten_by_age_and_where_room_is_short_the_oldest_first()
    {
        using var running = new DetachedJob(Submissions.Record("run")) { Bytes = 500 };
        DetachedJob[] jobs = [Submissions.Ended("c", 30, 100), Submissions.Ended("a", 10, 100), running, Submissions.Ended("b", 20, 100)];
        var now = Submissions.Begin.AddMinutes(40);
        Assert.Empty(new Retention(TimeSpan.FromHours(1), 1000).Expired(jobs, now));
        Assert.Equal(["a", "b"], new Retention(TimeSpan.FromMinutes(15), 1000).Expired(jobs, now).Select(job => job.Id));
        Assert.Equal(["a"], new Retention(TimeSpan.FromHours(1), 700).Expired(jobs, now).Select(job => job.Id));
        Assert.Equal(["a", "b", "c"], new Retention(TimeSpan.FromHours(1), 0).Expired(jobs, now).Select(job => job.Id));
        Assert.True(new Retention(TimeSpan.FromHours(1), 700).HasRoom(jobs, 200));
        Assert.False(new Retention(TimeSpan.FromHours(1), 700).HasRoom(jobs, 201));
    }

    [Fact]
    public void Pages_go_on_where_the_last_one_ended_whatever_comes_and_goes()
    {
        var jobs = Enumerable.Range(0, 5).Select(i => new DetachedJob(Submissions.Record($"j{i}", minute: i / 2, name: i == 3 ? "other" : "mine"))).Reverse().ToList();
        var first = JobPages.Page(jobs, new ListJobsRequest { PageSize = 2 });
        Assert.Equal(["j4", "j3"], first.Jobs.Select(job => job.Id));
        jobs.RemoveAll(job => job.Id == "j3");
        var second = JobPages.Page(jobs, new ListJobsRequest { PageSize = 2, PageToken = first.NextPageToken });
        Assert.Equal(["j2", "j1"], second.Jobs.Select(job => job.Id));
        var third = JobPages.Page(jobs, new ListJobsRequest { PageSize = 2, PageToken = second.NextPageToken });
        Assert.Equal("j0", Assert.Single(third.Jobs).Id);
        Assert.Equal("", third.NextPageToken);
        Assert.Equal(4, JobPages.Page(jobs, new ListJobsRequest { NamePrefix = "mi" }).Jobs.Count);
        Assert.Empty(JobPages.Page(jobs, new ListJobsRequest { State = JobStatus.Running }).Jobs);
        Assert.Equal(StatusCode.InvalidArgument, Assert.Throws<RpcException>(() => JobPages.Page(jobs, new ListJobsRequest { PageToken = "x" })).StatusCode);
    }
}
