using Cluster.Coordinator.AdHoc;
using Cluster.Protocol.V1;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Coordinator.AdHoc;

/// <summary>Answers one by one.</summary>
public sealed class StreamedAnswersTests
{
    private readonly Replies.Stream _stream = new();

    [Fact]
    public async Task Answers_come_as_they_are_known()
    {
        var answers = Answers(3, ordered: false);
        await answers.WriteAsync(Replies.Number(2, 9));
        await answers.WriteAsync(Replies.Failure(0));
        await answers.WriteAsync(Replies.Number(1, 4));
        await answers.WriteAsync(Replies.End());
        await answers.CompleteAsync();
        Assert.Equal([2UL, 0, 1], _stream.Told.Select(result => result.Index));
        Assert.Equal(3, _stream.Flushes);
    }

    [Fact]
    public async Task In_order_they_wait_for_those_before_them()
    {
        var answers = Answers(4, ordered: true);
        await answers.WriteAsync(Replies.Number(2, 9));
        await answers.WriteAsync(Replies.Number(1, 4));
        Assert.Empty(_stream.Told);
        await answers.WriteAsync(Replies.Number(0, 1));
        Assert.Equal([1.0, 4.0, 9.0], _stream.Told.Select(result => result.Value.NumberValue));
        Assert.Equal(1, _stream.Flushes);
        await answers.WriteAsync(Replies.Failure(3));
        Assert.Equal(3UL, _stream.Told[^1].Index);
    }

    [Fact]
    public async Task What_waits_for_one_slow_item_is_bounded()
    {
        var answers = Answers(100, ordered: true, maxWaiting: 100);
        var refusal = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            for (var i = 1UL; i < 100; i++)
            {
                await answers.WriteAsync(Replies.Number(i, i));
            }
        });
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Contains("that of item 0", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_job_that_stops_at_a_failure_answers_the_rest_as_cancelled(bool ordered)
    {
        var answers = Answers(4, ordered);
        await answers.WriteAsync(Replies.Failure(1));
        await answers.WriteAsync(Replies.Number(2, 9));
        await answers.WriteAsync(Replies.End(ErrorKind.Cancelled));
        await answers.CompleteAsync();
        Assert.Equal(ordered ? [0UL, 1, 2, 3] : new ulong[] { 1, 2, 0, 3 }, _stream.Told.Select(result => result.Index));
        Assert.Equal([ErrorKind.Cancelled, ErrorKind.Cancelled], _stream.Told.Where(result => result.Index is 0 or 3).Select(result => result.Error.Kind));
    }

    [Fact]
    public async Task A_job_that_ends_early_ends_the_stream_with_its_reason()
    {
        var answers = Answers(1, ordered: false);
        await answers.WriteAsync(Replies.End(ErrorKind.NoNodes));
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(answers.CompleteAsync)).StatusCode);
    }

    private StreamedAnswers Answers(int count, bool ordered, long maxWaiting = 1 << 20) => new(Replies.Results, _stream, count, ordered, maxWaiting);
}
