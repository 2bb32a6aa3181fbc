using Cluster.Coordinator.Jobs;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Coordinator.Jobs;

/// <summary>Which specs are taken.</summary>
public sealed class JobSpecValidatorTests
{
    [Fact]
    public void A_complete_spec_is_taken() => Assert.Null(Refuse(_ => { }));

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_spec_is_refused_by_the_name_of_the_field(string field)
    {
        var refusal = Refuse(spec => Spoil(spec, field));
        Assert.Equal(StatusCode.InvalidArgument, refusal!.Value.StatusCode);
        Assert.Contains($"`{field}", refusal.Value.Detail, StringComparison.Ordinal);
    }

    public static TheoryData<string> Wrong() =>
        ["function", "function.code", "input_format", "input_stride", "captures_in_items", "arguments", "priority", "chunk_size", "on_error", "pin_nodes", "expected_count", "speculate", "no_nodes_timeout",
            "item_timeout", "retry.max_attempts", "retry.delay", "retry.max_delay", "retry.backoff", "retry.handle"];

    [Theory]
    [InlineData(Duration.MaxSeconds, 0, true)]
    [InlineData(0, Duration.NanosecondsPerSecond - 1, true)]
    [InlineData(Duration.MaxSeconds + 1, 0, false)]
    [InlineData(long.MaxValue, 0, false)]
    [InlineData(long.MinValue, 0, false)]
    [InlineData(1, -1, false)]
    [InlineData(0, Duration.NanosecondsPerSecond, false)]
    public void A_duration_is_taken_as_far_as_it_can_be_converted(long seconds, int nanos, bool taken) =>
        Assert.Equal(taken, Refuse(spec => spec.NoNodesTimeout = new Duration { Seconds = seconds, Nanos = nanos }) is null);

    [Theory]
    [InlineData(0, 1, false)]
    [InlineData(24L * 86_400, 0, false)]
    [InlineData(24L * 86_400, 1, true)]
    [InlineData(-1, 0, true)]
    [InlineData(1, -1, true)]
    [InlineData(0, 0, true)]
    [InlineData(long.MaxValue, 0, true)]
    public void The_time_of_an_item_is_more_than_zero_and_what_every_timer_takes(long seconds, int hundredsOfNanos, bool isWrong) =>
        AssertWrong(isWrong, "item_timeout", spec => spec.ItemTimeout = new Duration { Seconds = seconds, Nanos = hundredsOfNanos * 100 });

    [Theory]
    [InlineData(0u, true)]
    [InlineData(1u, false)]
    [InlineData(1000u, false)]
    [InlineData(1001u, true)]
    public void Attempts_are_from_1_to_1000(uint attempts, bool isWrong) =>
        AssertWrong(isWrong, "retry.max_attempts", spec => spec.Retry = new RetryPolicy { MaxAttempts = attempts });

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(86_400, 0, false)]
    [InlineData(86_400, 100, true)]
    [InlineData(-1, 0, true)]
    [InlineData(1, -1, true)]
    [InlineData(long.MaxValue, 0, true)]
    public void Waits_have_at_most_a_day(long seconds, int nanos, bool isWrong)
    {
        var duration = new Duration { Seconds = seconds, Nanos = nanos };
        AssertWrong(isWrong, "retry.delay", spec => spec.Retry = new RetryPolicy { MaxAttempts = 2, Delay = duration });
        AssertWrong(isWrong, "retry.max_delay", spec => spec.Retry = new RetryPolicy { MaxAttempts = 2, MaxDelay = duration });
    }

    [Theory]
    [InlineData("System.IO.IOException", false)]
    [InlineData("", true)]
    [InlineData(" ", true)]
    public void Exceptions_to_handle_or_to_ignore_have_names(string name, bool isWrong)
    {
        AssertWrong(isWrong, "retry.handle", spec => spec.Retry = new RetryPolicy { MaxAttempts = 2, Handle = { "A", name } });
        AssertWrong(isWrong, "retry.ignore", spec => spec.Retry = new RetryPolicy { MaxAttempts = 2, Ignore = { "A", name } });
    }

    [Fact]
    public void A_job_may_be_speculated_on_or_pinned_but_not_both()
    {
        AssertWrong(false, "speculate", spec => spec.Speculate = true);
        AssertWrong(false, "speculate", spec => spec.PinNodes.Add("a"));
        AssertWrong(true, "speculate", spec => Spoil(spec, "speculate"));
    }

    [Fact]
    public void A_spec_that_nodes_could_not_take_is_refused_by_the_name_of_what_is_large()
    {
        Assert.Null(Refuse(spec => spec.Function.Target = ByteString.CopyFrom(new byte[Limits.MaxSpecBytes - 1000])));
        var captures = Refuse(spec => spec.Function.Target = ByteString.CopyFrom(new byte[Limits.MaxSpecBytes]));
        Assert.Equal(StatusCode.InvalidArgument, captures!.Value.StatusCode);
        Assert.Contains("3145728 are `function.target`, the values that the function captured. Pass large values as items", captures.Value.Detail, StringComparison.Ordinal);
        var pins = Refuse(spec => spec.PinNodes.Add(Enumerable.Repeat(new string('n', 250), 20_000)));
        Assert.Contains("5000000 are `pin_nodes`", pins!.Value.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_version_names_both_sides()
    {
        var refusal = Refuse(spec => spec.ProtocolVersion = 7);
        Assert.Equal(StatusCode.FailedPrecondition, refusal!.Value.StatusCode);
        Assert.Contains("coordinator 1.2.3", refusal.Value.Detail, StringComparison.Ordinal);
        Assert.Contains("version 7", refusal.Value.Detail, StringComparison.Ordinal);
    }

    private static void AssertWrong(bool isWrong, string field, Action<JobSpec> change)
    {
        var refusal = Refuse(change);
        Assert.Equal(isWrong ? StatusCode.InvalidArgument : null, refusal?.StatusCode);
        Assert.True(!isWrong || refusal!.Value.Detail.Contains($"`{field}`", StringComparison.Ordinal), refusal?.Detail);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void The_refusal_names_the_field_for_programs_too(string field)
    {
        var refusal = JobSpecValidator.Refuse(ScriptedJob.Spec(spec => Spoil(spec, field)), "coordinator 1.2.3", 1 << 30)!;
        var status = Google.Rpc.Status.Parser.ParseFrom(refusal.Trailers.GetValueBytes("grpc-status-details-bin"));
        var violation = Assert.Single(Assert.Single(status.Details).Unpack<Google.Rpc.BadRequest>().FieldViolations);
        Assert.Equal((field, refusal.Status.Detail), (violation.Field, violation.Description));
        Assert.Equal(((int)StatusCode.InvalidArgument, refusal.Status.Detail), (status.Code, status.Message));
    }

    private static Status? Refuse(Action<JobSpec> change) => JobSpecValidator.Refuse(ScriptedJob.Spec(change), "coordinator 1.2.3", 1 << 30)?.Status;

    private static void Spoil(JobSpec spec, string field)
    {
        switch (field)
        {
            case "function":
                spec.Function = null;
                break;
            case "function.code":
                spec.Function.Code = new() { Files = { new CodeFile { Name = "App", Sha256 = ByteString.CopyFrom(1, 2), Size = 1 } } };
                break;
            case "input_format":
                spec.InputFormat = (Format)17;
                break;
            case "input_stride":
                spec.InputFormat = Format.Json;
                break;
            case "captures_in_items":
                spec.CapturesInItems = true;
                break;
            case "arguments":
                spec.Arguments = Arguments.Unspecified;
                break;
            case "priority":
                spec.Priority = 11;
                break;
            case "chunk_size":
                spec.ChunkSize = uint.MaxValue;
                break;
            case "on_error":
                spec.OnError = (OnError)9;
                break;
            case "pin_nodes":
                spec.PinNodes.Add("");
                break;
            case "expected_count":
                spec.PinNodes.Add("a");
                spec.ExpectedCount = 2;
                break;
            case "speculate":
                spec.Speculate = true;
                spec.PinNodes.Add("a");
                break;
            case "no_nodes_timeout":
                spec.NoNodesTimeout = new Duration { Seconds = -1 };
                break;
            case "item_timeout":
                spec.ItemTimeout = new Duration();
                break;
            case "retry.max_attempts":
                spec.Retry = new RetryPolicy();
                break;
            case "retry.delay":
                spec.Retry = new RetryPolicy { MaxAttempts = 2, Delay = new Duration { Seconds = 100_000 } };
                break;
            case "retry.max_delay":
                spec.Retry = new RetryPolicy { MaxAttempts = 2, MaxDelay = new Duration { Seconds = -1 } };
                break;
            case "retry.backoff":
                spec.Retry = new RetryPolicy { MaxAttempts = 2, Backoff = (Backoff)9 };
                break;
            case "retry.handle":
                spec.Retry = new RetryPolicy { MaxAttempts = 2, Handle = { "" } };
                break;
        }
    }
}
