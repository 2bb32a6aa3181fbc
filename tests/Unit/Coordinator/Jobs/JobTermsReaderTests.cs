using Cluster.Coordinator.Jobs;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Xunit;

namespace Cluster.Unit.Coordinator.Jobs;

/// <summary>What the scheduler is told about a job.</summary>
public sealed class JobTermsReaderTests
{
    [Theory]
    [InlineData(0u, "", 1)]
    [InlineData(1u, "", 1)]
    [InlineData(5u, "", 5)]
    [InlineData(5u, "System.TimeoutException", 5)]
    [InlineData(5u, "System.IO.IOException", 1)]
    public void An_item_may_time_out_as_often_as_the_policy_has_attempts_for_timeouts(uint attempts, string handled, int timeouts)
    {
        var spec = ScriptedJob.Spec(spec => spec.Retry = attempts == 0 ? null : new RetryPolicy { MaxAttempts = attempts });
        spec.Retry?.Handle.AddRange(handled.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(timeouts, JobTermsReader.Read(spec, "job", owner: 1).MaxTimeouts);
    }
}
