using Cluster.Protocol.Batches;
using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;

namespace Cluster.Node.Workers.Link;

/// <summary>What the node says to its workers.</summary>
internal static class ToWorkerMessages
{
    public static ToWorker Open(PoolJob job)
    {
        var open = new WorkerOpenJob { Job = job.Number, JobId = job.JobId, Spec = job.Spec };
        open.Paths.AddRange(job.Paths);
        return new ToWorker { OpenJob = open };
    }

    public static ToWorker Close(PoolJob job) => new() { CloseJob = new WorkerCloseJob { Job = job.Number } };

    public static ToWorker Run(PoolChunk chunk, ReadOnlySpan<EncodedBatch> batches, bool last)
    {
        var run = new WorkerRunChunk { ChunkId = chunk.Number, Job = chunk.PoolJob.Number, Attempt = chunk.Attempt, Tries = chunk.Tries, Last = last, Traceparent = chunk.Span?.Id ?? "" };
        foreach (var batch in batches)
        {
            FramePayloads.Add(batch, run.Batches, run.PayloadLengths);
        }

        return new ToWorker { RunChunk = run };
    }

    public static ToWorker Recall(PoolChunk chunk) => new() { RecallChunk = new WorkerRecallChunk { ChunkId = chunk.Number } };

    public static ToWorker Cancel(PoolChunk chunk) => new() { CancelChunk = new WorkerCancelChunk { ChunkId = chunk.Number } };

    public static ToWorker StopAfterItem(PoolChunk chunk) =>
        new() { CancelChunk = new WorkerCancelChunk { ChunkId = chunk.Number, AfterItem = true } };
}
