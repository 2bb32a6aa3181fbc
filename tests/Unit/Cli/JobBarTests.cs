using Cluster.Cli.Output;
using Cluster.Protocol.V1;
using Cluster.Unit.Cli.Fakes;
using Xunit;

namespace Cluster.Unit.Cli;

public sealed class JobBarTests
{
    [Fact]
    public void It_says_what_the_coordinator_told_and_how_fast_it_goes()
    {
        var time = new SteppedTime();
        var bar = new JobBar(time);
        Assert.Equal("", bar.Describe());
        bar.Show(new JobInfo { JobId = "d1", State = JobStatus.Queued, ExpectedItems = 100, WaitingFor = "others are first" });
        Assert.Equal("d1 queued [..............................]   0% 0/100 - others are first", bar.Describe());
        time.Advance(TimeSpan.FromSeconds(5));
        bar.Show(new JobInfo { JobId = "d1", State = JobStatus.Running, ExpectedItems = 100, Completed = 45, Failed = 5 });
        Assert.Equal("d1 running [###############...............]  50% 50/100, 10/s, 0:05 left, 5 failed", bar.Describe());
    }
}
