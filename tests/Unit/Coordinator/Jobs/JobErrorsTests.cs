using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Scheduling;
using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Coordinator.Jobs;

/// <summary>What is said of an item that the cluster itself gives up on: where, how often, and what to do next.</summary>
public sealed class JobErrorsTests
{
    [Theory]
    [InlineData(nameof(FailureReason.WorkerLost), ErrorKind.WorkerLost, true, "look at its exit code, signal and the end of stderr, and run it alone")]
    [InlineData(nameof(FailureReason.OutOfMemory), ErrorKind.OutOfMemory, true, "What the node said.")]
    [InlineData(nameof(FailureReason.NodesLost), ErrorKind.NodeLost, true, "run the item alone on a machine that is watched")]
    [InlineData(nameof(FailureReason.NodeLost), ErrorKind.NodeLost, false, "when it is back, run the item again")]
    [InlineData(nameof(FailureReason.NoNodes), ErrorKind.NoNodes, false, "Start it, or allow more time")]
    [InlineData(nameof(FailureReason.CodeUnavailable), ErrorKind.Code, false, "What the node said.")]
    public void It_names_the_node_and_what_to_do(string reason, ErrorKind kind, bool namesAttempts, string next)
    {
        var error = JobErrors.ItemFailed(Enum.Parse<FailureReason>(reason), 4, "blade-7", Loss());

        Assert.Equal((kind, "blade-7", 4u), (error.Kind, error.Node, error.Attempt));
        Assert.Contains("'blade-7'", error.Message, StringComparison.Ordinal);
        Assert.Contains(next, error.Message, StringComparison.Ordinal);
        Assert.Equal(namesAttempts, error.Message.Contains("in 4 attempts", StringComparison.Ordinal));
        Assert.Equal(("last words", 4711), (error.StderrTail, error.WorkerPid));
    }

    [Fact]
    public void Of_a_timeout_the_node_has_said_all_and_attempts_count_that_the_worker_made_itself()
    {
        var loss = Loss();
        loss.Attempt = 6;
        var error = JobErrors.ItemFailed(FailureReason.TimedOut, 4, "blade-7", loss);

        Assert.Equal((ErrorKind.Timeout, 6u, "What the node said."), (error.Kind, error.Attempt, error.Message));
    }

    [Fact]
    public void No_reason_is_forgotten_here() => Assert.Equal(7, Enum.GetValues<FailureReason>().Length);

    private static ErrorInfo Loss() => new() { Message = "What the node said.", StderrTail = "last words", WorkerPid = 4711 };
}
