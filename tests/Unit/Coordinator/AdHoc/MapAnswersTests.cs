using Cluster.Coordinator.AdHoc;
using Cluster.Coordinator.Errors;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Coordinator.AdHoc;

/// <summary>Answers in one message.</summary>
public sealed class MapAnswersTests
{
    [Fact]
    public async Task Answers_stand_in_the_places_of_their_items()
    {
        var answers = new MapAnswers(Replies.Results, 3);
        await answers.WriteAsync(Replies.Number(2, 9));
        await answers.WriteAsync(Replies.Failure(1));
        await answers.WriteAsync(Replies.Number(0, 1));
        await answers.WriteAsync(Replies.End());
        var results = answers.ToReply().Results;
        Assert.Equal([Value.ForNumber(1), null, Value.ForNumber(9)], results.Select(result => result.Value));
        Assert.Equal("broken", results[1].Error.Message);
        Assert.All(results, result => Assert.False(result.HasIndex));
    }

    [Fact]
    public async Task A_job_that_stops_at_a_failure_answers_the_rest_as_cancelled()
    {
        var answers = new MapAnswers(Replies.Results, 3);
        await answers.WriteAsync(Replies.Failure(1));
        await answers.WriteAsync(Replies.End(ErrorKind.Cancelled));
        Assert.Equal([ErrorKind.Cancelled, ErrorKind.User, ErrorKind.Cancelled], answers.ToReply().Results.Select(result => result.Error.Kind));
    }

    [Theory]
    [InlineData(ErrorKind.NoNodes, StatusCode.Unavailable)]
    [InlineData(ErrorKind.Code, StatusCode.FailedPrecondition)]
    [InlineData(ErrorKind.Cancelled, StatusCode.Cancelled)]
    [InlineData(ErrorKind.Internal, StatusCode.Internal)]
    public async Task A_job_that_ends_early_ends_the_call_with_its_reason(ErrorKind kind, StatusCode expected)
    {
        var answers = new MapAnswers(Replies.Results, 1);
        await answers.WriteAsync(Replies.End(kind));
        var refusal = Assert.Throws<RpcException>(answers.ToReply);
        Assert.Equal((expected, "over"), (refusal.StatusCode, refusal.Status.Detail));
        var status = Google.Rpc.Status.Parser.ParseFrom(refusal.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal(((int)expected, "over"), (status.Code, status.Message));
        Assert.Equal(kind, Assert.Single(status.Details).Unpack<ErrorInfo>().Kind);
    }

    [Fact]
    public async Task An_argument_that_does_not_fit_is_told_what_the_function_takes()
    {
        var answers = new MapAnswers(Replies.Results, 1);
        await answers.WriteAsync(Replies.Failure(0, ErrorKind.Argument));
        var error = answers.ToReply().Results[0].Error;
        Assert.Equal(("samples/square(int x): broken", ""), (error.Message, error.Stack));
    }

    [Fact]
    public async Task Answers_that_fit_no_message_say_what_to_do()
    {
        var answers = new MapAnswers(Replies.Results, 5);
        var text = Value.ForString(new string('x', 1_000_000));
        for (var i = 0UL; i < 4; i++)
        {
            await answers.WriteAsync(Replies.Value(i, text));
        }

        var refusal = await Assert.ThrowsAsync<RpcException>(() => answers.WriteAsync(Replies.Value(4, text)));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Contains("IMap", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Details_that_no_header_holds_are_left_out()
    {
        var large = RichStatus.JobFailed(new ErrorInfo { Kind = ErrorKind.Code, Message = new string('m', 10_000), Stack = new string('s', 10_000), Transient = true });
        var status = Google.Rpc.Status.Parser.ParseFrom(large.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal((int)StatusCode.FailedPrecondition, status.Code);
        Assert.InRange(large.Trailers.GetValueBytes("grpc-status-details-bin")!.Length, 1, 4096);
    }
}
