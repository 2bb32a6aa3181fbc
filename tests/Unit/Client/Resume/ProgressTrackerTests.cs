using Cluster.Client;
using Cluster.Client.Jobs;
using Cluster.Protocol.V1;
using Cluster.TestKit.Time;
using Xunit;

namespace Cluster.Unit.Client.Resume;

/// <summary>What the user sees of a job that goes on in another run, which its coordinator counts anew.</summary>
public sealed class ProgressTrackerTests
{
    private readonly ManualTime _time = new();
    private readonly JobProgressTracker _tracker;

    public ProgressTrackerTests() => _tracker = new JobProgressTracker(total: 10, _time);

    [Fact]
    public void What_failed_in_an_earlier_run_is_not_counted_as_completed()
    {
        Answer(succeeded: 3, failed: 2);
        _tracker.Pause("the coordinator");

        // The five that were skipped are completed as far as it knows.
        Assert.Equal((5, 3, 2), Numbers(_tracker.Update(new Progress { Received = 5, Completed = 5 })));
        Assert.Equal((8, 5, 3), Numbers(_tracker.Update(new Progress { Received = 8, Completed = 7, Failed = 1 })));
    }

    [Fact]
    public void Nothing_goes_back_where_the_last_answers_were_lost_on_the_way()
    {
        Answer(succeeded: 3, failed: 1);
        Assert.Equal((9, 5, 3), Numbers(_tracker.Update(new Progress { Received = 9, Completed = 5, Failed = 3 })));
        _tracker.Pause("the coordinator");

        Assert.Equal((9, 5, 3), Numbers(_tracker.Update(new Progress { Received = 4, Completed = 4 })));
    }

    [Fact]
    public void In_the_end_what_arrived_here_counts()
    {
        Answer(succeeded: 6, failed: 1);
        _time.Advance(TimeSpan.FromSeconds(3));

        var latest = _tracker.Latest();
        Assert.Equal((7, 6, 1), Numbers(latest));
        Assert.Equal((10L, TimeSpan.FromSeconds(3), null), (latest.Total, latest.Elapsed, latest.WaitingFor));
    }

    [Fact]
    public void A_pause_says_what_it_waits_for_until_the_job_goes_on()
    {
        Assert.Equal(4, _tracker.Update(new Progress { Received = 4, Running = 4 }).Running);
        var paused = _tracker.Pause("the coordinator");

        Assert.Equal((0, 4, "the coordinator"), (paused.Running, paused.Received, paused.WaitingFor));
        Assert.Null(_tracker.Update(new Progress { Received = 4 }).WaitingFor);
    }

    private static (long Received, long Completed, long Failed) Numbers(JobProgress progress) => (progress.Received, progress.Completed, progress.Failed);

    private void Answer(int succeeded, int failed)
    {
        _tracker.Succeed(succeeded);
        for (var i = 0; i < failed; i++)
        {
            _tracker.Fail();
        }
    }
}
