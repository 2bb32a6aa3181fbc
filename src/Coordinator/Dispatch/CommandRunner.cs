using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Nodes;
using Cluster.Coordinator.Scheduling;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Dispatch;

/// <summary>Carries out what the scheduler decides, by putting messages into the outboxes of nodes and jobs. Runs in the scheduler's loop only.</summary>
internal sealed class CommandRunner(
    JobRegistry jobs, NodeRegistry nodes, CoordinatorOptions options, CoordinatorMetrics metrics, ILogger<SchedulerLoop> logger, Action<IThreadPoolWorkItem> defer)
{
    /// <summary>Carries out one command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="loss">What is known about the end of a worker or of a node, when that was the event.</param>
    public void Run(in SchedulerCommand command, ErrorInfo? loss)
    {
        if (command.Kind == CommandKind.CancelChunk)
        {
            // Its job may be gone from here already.
            CancelChunk(command);
            return;
        }

        if (!jobs.TryFind(command.Job, out var job))
        {
            return;
        }

        switch (command.Kind)
        {
            case CommandKind.Dispatch:
                Dispatch(command, job);
                break;
            case CommandKind.Adopt:
                Adopt(command, job);
                break;
            case CommandKind.FailItem:
                Fail(job, command.Items, JobErrors.ItemFailed(command.Failure, command.Attempt, NameOf(command, job, loss), loss), command.Attempt);
                break;
            case CommandKind.CancelItems:
                Fail(job, command.Items, JobErrors.ItemCancelled(), 0);
                break;
            case CommandKind.ItemsStarted when job.Spec.WantStarted:
                Send(job, new RunReply { Started = new Started { First = command.Items.First, Count = command.Items.Count, Node = NameOf(command, job), WorkerPid = job.ProcessId } });
                break;
            case CommandKind.JobEnded:
                End(job, command.Outcome);
                break;
            case CommandKind.JobReleased:
                Release(job);
                break;
        }
    }

    /// <summary>Queues a reply for a job's client.</summary>
    public void Send(JobSession job, RunReply reply)
    {
        if (job.Outbox.Add(reply))
        {
            defer(job.Outbox.Writer);
        }
    }

    private void Dispatch(in SchedulerCommand command, JobSession job)
    {
        if (!nodes.TryFind(command.Node, out var node))
        {
            return;
        }

        metrics.ChunksDispatched.Add(1);
        if (node.Dispatch(job, command.Chunk, command.Items, command.Attempt, command.Tries, command.Alone))
        {
            defer(node.Writer);
        }
    }

    private void Adopt(in SchedulerCommand command, JobSession job)
    {
        if (nodes.TryFind(command.Node, out var node))
        {
            metrics.ItemsAdopted.Add(1);
            DispatchLog.ItemAdopted(logger, node.Name, command.Items.First, job.PublicId);
            if (node.Adopt(job, command.Chunk, command.Items, command.Attempt))
            {
                defer(node.Writer);
            }
        }
    }

    private void CancelChunk(in SchedulerCommand command)
    {
        TimeSpan? grace = command.Mode == CancelMode.Force ? options.CancelGrace : null;
        if (nodes.TryFind(command.Node, out var node) && node.CancelChunk(command.Chunk, grace, command.Mode == CancelMode.UnlessBegun))
        {
            defer(node.Writer);
        }
    }

    private void Fail(JobSession job, ItemRange items, ErrorInfo error, uint attempt)
    {
        job.Failed += items.Count;
        metrics.ItemsFailed.Add((long)items.Count);
        job.Inputs.Release(items);
        if (job.Outbox.Fail(items, error, attempt))
        {
            defer(job.Outbox.Writer);
        }
    }

    private void End(JobSession job, JobOutcome outcome)
    {
        job.HasEnded = true;
        job.Inputs.Clear();
        if (job.Spec.WantProgress)
        {
            Send(job, new RunReply { Progress = new Progress { Received = job.Received, Completed = job.Completed, Failed = job.Failed } });
        }

        var error = JobErrors.JobEnded(job, outcome, nodes.Count);
        DispatchLog.JobEnded(logger, job.PublicId, outcome, job.Received, job.Completed, job.Failed, error?.Message ?? "");
        // A call that ends with a status must not be taken for a job that was cancelled: its client may go on with it.
        if (!job.Aborted.IsCompleted && job.Outbox.End(new JobEnd { Error = error }))
        {
            defer(job.Outbox.Writer);
        }
    }

    private void Release(JobSession job)
    {
        jobs.Remove(job);
        foreach (var node in nodes.All)
        {
            if (node.CloseJob(job.Id))
            {
                defer(node.Writer);
            }
        }
    }

    private string NameOf(in SchedulerCommand command, JobSession job, ErrorInfo? loss = null)
    {
        if (nodes.TryFind(command.Node, out var node))
        {
            return node.Name;
        }

        // A lost node is registered no more.
        var pinned = job.Spec.PinNodes;
        return command.Items.First < (ulong)pinned.Count ? pinned[(int)command.Items.First] : loss?.Node ?? "";
    }
}
