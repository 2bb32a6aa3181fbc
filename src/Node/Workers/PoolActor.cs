using Cluster.Node.Session;
using Cluster.Node.Telemetry;
using Cluster.Node.Workers.Assignment;
using Cluster.Node.Workers.Link;
using Cluster.Protocol.V1;

namespace Cluster.Node.Workers;

/// <summary>Carries out what <see cref="PoolState"/> decides, under the pool's lock: it queues frames and messages, and never waits.</summary>
internal sealed class PoolActor(ChunkReport report, ItemDeadlines deadlines, TimeProvider time)
{
    /// <summary>Starts a worker process, elsewhere.</summary>
    public Action StartWorker { get; set; } = static () => { };

    /// <summary>Takes the steps, in order.</summary>
    /// <param name="actions">What <see cref="PoolState"/> has decided.</param>
    /// <param name="flushed">The outbox that the caller will flush.</param>
    public void CarryOut(List<PoolAction> actions, Outbox? flushed)
    {
        Outbox? begun = null;
        foreach (var action in actions)
        {
            var (chunk, worker, job) = ((PoolChunk?)action.Chunk, (PoolWorker?)action.Worker, (PoolJob?)action.Job);
            switch (action.Kind)
            {
                case PoolActionKind.StartWorker:
                    StartWorker();
                    break;
                case PoolActionKind.KillWorker:
                    worker!.EndedBecause = chunk!.Timing is { Overdue: not null }
                        ? "an item that it ran had had its time and did not end; other chunks that it ran are not to blame."
                        : "a chunk that had to stop did not do so in time; other chunks that it ran are not to blame.";
                    worker.EndCause = chunk.Timing is { Overdue: not null } ? WorkerEnd.Timeout : WorkerEnd.Cancel;
                    KillElsewhere(worker);
                    break;
                case PoolActionKind.KillOversized:
                    worker!.EndedBecause = worker.Overuse!.ToString();
                    worker.EndCause = WorkerEnd.Memory;
                    NodeMetrics.MemoryKills.Add(1);
                    KillElsewhere(worker);
                    break;
                case PoolActionKind.RetireWorker:
                    worker!.EndedBecause = worker.IsOversized
                        ? "it kept more memory than a worker may (--worker-memory), or than its node can spare."
                        : "it has run as many items as a worker may here (--max-tasks-per-worker).";
                    worker.EndCause = worker.IsOversized ? WorkerEnd.Memory : WorkerEnd.Turnover;
                    KillElsewhere(worker);
                    break;
                case PoolActionKind.OpenJob:
                    worker!.Link!.Send(ToWorkerMessages.Open(job!));
                    break;
                case PoolActionKind.CloseJob:
                    worker!.Link!.Send(ToWorkerMessages.Close(job!));
                    break;
                case PoolActionKind.Send:
                    worker!.Chunks[chunk!.Number] = chunk;
                    chunk.SendTo(worker.Link!);
                    break;
                case PoolActionKind.Begun:
                    Start(chunk!);
                    FlushElsewhere(begun == chunk!.Outbox ? null : begun);
                    begun = chunk.Outbox;
                    break;
                case PoolActionKind.Recall:
                    worker!.Link!.Send(ToWorkerMessages.Recall(chunk!));
                    break;
                case PoolActionKind.CancelAtWorker:
                    worker!.Link!.Send(ToWorkerMessages.Cancel(chunk!));
                    break;
                case PoolActionKind.StopAfterItem:
                    worker!.Link!.Send(ToWorkerMessages.StopAfterItem(chunk!));
                    break;
                case PoolActionKind.EndCancelled:
                    End(chunk!, ChunkEnd.Cancelled, null);
                    break;
                case PoolActionKind.EndTimedOut:
                    Report(chunk!, report.TimedOut(chunk!, worker!, chunk!.Timing!, Elapsed(chunk)));
                    chunk.Outbox.Flush();
                    break;
                case PoolActionKind.EndOutOfMemory:
                    End(chunk!, ChunkEnd.OutOfMemory, report.OutOfMemory(chunk!, worker!));
                    break;
                case PoolActionKind.EndWorkerLost:
                    Report(chunk!, report.WorkerLost(chunk!, worker!, Elapsed(chunk!)));
                    chunk!.Outbox.Flush();
                    break;
                case PoolActionKind.EndCodeFailed:
                    End(chunk!, ChunkEnd.CodeFailed, chunk!.PoolJob.CodeError);
                    break;
                default:
                    throw new InvalidOperationException($"There is no action {action.Kind}.");
            }
        }

        // The workers come first; a short chunk's results then travel in the same packet.
        FlushElsewhere(begun == flushed ? null : begun);
    }

    private static void FlushElsewhere(Outbox? outbox)
    {
        if (outbox is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static outbox => outbox.Flush(), outbox, preferLocal: false);
        }
    }

    private void Start(PoolChunk chunk)
    {
        chunk.Begin(time.GetTimestamp());
        deadlines.Begun(chunk);
        ChunkSpan.Begun(chunk.Span, (chunk.Worker as PoolWorker)?.Process.Id ?? 0);
        chunk.Say(ChunkReport.Started(chunk));
    }

    private void End(PoolChunk chunk, ChunkEnd end, ErrorInfo? error)
    {
        Report(chunk, ChunkReport.Ended(chunk, end, Elapsed(chunk), error));
        chunk.Outbox.Flush();
    }

    /// <summary>How long ago the chunk was begun; zero where it was not.</summary>
    public TimeSpan Elapsed(PoolChunk chunk) => chunk.StartedAt == 0 ? TimeSpan.Zero : time.GetElapsedTime(chunk.StartedAt);

    /// <summary>A chunk is answered for good.</summary>
    public static void Report(PoolChunk chunk, NodeMessage ended)
    {
        NodeMetrics.Ended(ended.ChunkEnded.End);
        ChunkSpan.End(chunk.Span, ended.ChunkEnded.End, ended.ChunkEnded.Error, chunk.Items);
        chunk.Ended();
        chunk.Say(ended);
    }

    private static void KillElsewhere(PoolWorker worker) =>
        ThreadPool.UnsafeQueueUserWorkItem(static process => process.Kill(), worker.Process, preferLocal: false);
}
