using Cluster.Node.Session;
using Cluster.Protocol;
using Cluster.TestKit.Time;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Cluster.Unit.Node;

public sealed class SessionTests
{
    [Fact]
    public void Any_word_renews_a_lease()
    {
        var time = new ManualTime();
        var lease = new Lease(time, TimeSpan.FromSeconds(5));
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(4), lease.Silence);
        lease.Renew();
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(3), lease.Silence);
    }

    [Theory]
    [InlineData(StatusCode.FailedPrecondition, true)]
    [InlineData(StatusCode.Unauthenticated, true)]
    [InlineData(StatusCode.PermissionDenied, true)]
    [InlineData(StatusCode.Unimplemented, true)]
    [InlineData(StatusCode.Unavailable, false)]
    [InlineData(StatusCode.AlreadyExists, false)]
    [InlineData(StatusCode.Cancelled, false)]
    public void Only_what_dialling_again_cannot_mend_is_a_refusal(StatusCode code, bool refused)
    {
        var failure = SessionFailure.From(new RpcException(new Status(code, "the reason")));
        Assert.Equal(refused, failure is NodeRefusedException);
        Assert.Equal(!refused, failure is SessionLostException);
        Assert.Contains("the reason", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_names_the_option_to_correct()
    {
        var status = new Status(StatusCode.Unauthenticated, "no.");
        Assert.Contains("--token-file", SessionFailure.From(new RpcException(status)).Message, StringComparison.Ordinal);
        var certificate = new Metadata { { Refusal.MetadataKey, Refusal.ClientCertificate } };
        Assert.Contains("--tls-certificate", SessionFailure.From(new RpcException(status, certificate)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dialling_slows_down_from_milliseconds_to_a_second_and_goes_on_for_ever()
    {
        var time = new ImpatientTime();
        var pipeline = Reconnecting.Pipeline("nowhere", time, new Random(1), NullLogger.Instance);
        var attempts = 0;
        await pipeline.ExecuteAsync(
            _ => ++attempts == 3000 ? ValueTask.CompletedTask : throw new SessionLostException("nobody is there"), TestContext.Current.CancellationToken);

        Assert.Equal(3000 - 1, time.Delays.Count);
        Assert.InRange(time.Delays[0], TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
        Assert.All(time.Delays, delay => Assert.InRange(delay, TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        Assert.All(time.Delays.Skip(100), delay => Assert.InRange(delay, TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task A_refusal_is_not_tried_again()
    {
        var pipeline = Reconnecting.Pipeline("nowhere", new ImpatientTime(), new Random(1), NullLogger.Instance);
        await Assert.ThrowsAsync<NodeRefusedException>(
            async () => await pipeline.ExecuteAsync(_ => throw new NodeRefusedException("go away"), TestContext.Current.CancellationToken));
    }

    /// <summary>Every wait is over at once; what was asked for is kept.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        public List<TimeSpan> Delays { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Delays.Add(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
