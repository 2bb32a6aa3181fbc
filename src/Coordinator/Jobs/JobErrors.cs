using System.Globalization;
using Cluster.Coordinator.Scheduling;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Jobs;

/// <summary>What clients read when the cluster itself gives up on an item or on a job.</summary>
internal static class JobErrors
{
    /// <summary>The client broke the protocol.</summary>
    public static ErrorInfo Protocol(string message) => new() { Kind = ErrorKind.Protocol, Message = message };

    /// <summary>Somebody other than the job's caller has ended it.</summary>
    public static ErrorInfo CancelledBy(string caller) => new() { Kind = ErrorKind.Cancelled, Message = $"{caller} has cancelled the job." };

    /// <summary>An item was withdrawn.</summary>
    public static ErrorInfo ItemCancelled() => new() { Kind = ErrorKind.Cancelled, Message = "The item was cancelled before it had a result." };

    /// <summary>An item failed without an answer from its function.</summary>
    /// <param name="reason">The scheduler's reason.</param>
    /// <param name="attempts">How often the item was handed out.</param>
    /// <param name="node">The last node that held it, or the one that it is pinned to; empty where there is none.</param>
    /// <param name="loss">What is known about the end of its worker, or of that node; null where that is nothing.</param>
    public static ErrorInfo ItemFailed(FailureReason reason, uint attempts, string node, ErrorInfo? loss)
    {
        var error = loss?.Clone() ?? new ErrorInfo();
        error.Node = node;
        error.Attempt = attempts;
        switch (reason)
        {
            case FailureReason.WorkerLost:
                error.Kind = ErrorKind.WorkerLost;
                error.Message = string.Create(
                    CultureInfo.InvariantCulture,
                    $"The worker process that ran the item was lost, in {attempts} attempts; the last on node '{node}'{(loss is null ? ", which is gone as well" : "")}. {loss?.Message} The item most likely ends its process: look at its exit code, signal and the end of stderr, and run it alone.");
                break;
            case FailureReason.OutOfMemory:
                error.Kind = ErrorKind.OutOfMemory;
                error.Message = string.Create(
                    CultureInfo.InvariantCulture,
                    $"The item took too much memory, in {attempts} attempts; the last on node '{node}'. {loss?.Message}");
                break;
            case FailureReason.NodeLost:
                error.Kind = ErrorKind.NodeLost;
                error.Message = $"Node '{node}', on which the item had to run, was lost. Look at the log of that node and of its machine; when it is back, run the item again.";
                error.Transient = true;
                break;
            case FailureReason.NodesLost:
                error.Kind = ErrorKind.NodeLost;
                error.Message = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{InfrastructureBudget.MaxNodeLosses} nodes were lost while they ran the item, in {attempts} attempts; the last was node '{node}'. The item may take its machine down: look at the log of that node and of its kernel for the time of the loss (memory, disk, power), and run the item alone on a machine that is watched.");
                break;
            case FailureReason.TimedOut:
                // The node has said it all.
                error.Kind = ErrorKind.Timeout;
                error.Attempt = Math.Max(attempts, loss?.Attempt ?? 0);
                break;
            case FailureReason.CodeUnavailable:
                error.Kind = ErrorKind.Code;
                error.Message = $"Node '{node}', on which the item has to run, could not load the function's code. {loss?.Message}";
                break;
            default:
                error.Kind = ErrorKind.NoNodes;
                error.Message = $"Node '{node}', on which the item has to run, did not attach within the job's `no_nodes_timeout`. Start it, or allow more time.";
                error.Transient = true;
                break;
        }

        return error;
    }

    /// <summary>A job ended early; null where it did not.</summary>
    /// <param name="job">The job.</param>
    /// <param name="outcome">The scheduler's reason.</param>
    /// <param name="attachedNodes">How many nodes are attached, whether they may run the job or not.</param>
    public static ErrorInfo? JobEnded(JobSession job, JobOutcome outcome, int attachedNodes) => outcome switch
    {
        JobOutcome.Completed => null,
        JobOutcome.StoppedByFailure => new ErrorInfo { Kind = ErrorKind.Cancelled, Message = "An item failed, and the job stops at its first failure." },
        JobOutcome.NoNodes => NoNodes(job, attachedNodes),
        JobOutcome.CodeFailed => job.CodeError ?? new ErrorInfo { Kind = ErrorKind.Code, Message = "A node could not load the job's function and did not say why." },
        _ => job.Error ?? new ErrorInfo { Kind = ErrorKind.Cancelled, Message = "The job was cancelled." },
    };

    private static ErrorInfo NoNodes(JobSession job, int attachedNodes)
    {
        var labels = string.Join(", ", job.Spec.Requires.Select(label => $"{label.Key}={label.Value}"));
        var what = labels.Length == 0 ? "No node was attached" : $"None of the {attachedNodes} attached nodes has the labels {labels}, which the job requires,";
        return new ErrorInfo
        {
            Kind = ErrorKind.NoNodes,
            Transient = true,
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"{what} for {job.Terms.NoNodesTimeout.TotalSeconds:0.###} s. Start a node{(labels.Length == 0 ? "" : " with these labels")}, or allow more time (`no_nodes_timeout`)."),
        };
    }
}
