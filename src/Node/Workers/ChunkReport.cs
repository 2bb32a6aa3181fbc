using System.Globalization;
using Cluster.Node.Workers.Assignment;
using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Node.Workers;

/// <summary>What the node tells the coordinator about chunks: a worker's words, with what the worker does not know about itself.</summary>
internal sealed class ChunkReport(string node)
{
    public static NodeMessage Started(PoolChunk chunk) => new() { ChunkStarted = new ChunkStarted { ChunkId = chunk.Id, WorkerPid = (chunk.Worker as PoolWorker)?.Process.Id ?? 0 } };

    /// <summary>Results from a worker. The payloads are copied off the frame, once.</summary>
    public NodeMessage Results(PoolChunk chunk, PoolWorker worker, Frame<FromWorker> frame)
    {
        var from = frame.Header.Results;
        FramePayloads.Attach(from.Batches, from.PayloadLengths, frame.Payload);
        foreach (var failure in from.Failures)
        {
            Locate(failure.Error, chunk, worker);
        }

        var results = new Results { Node = node, WorkerPid = worker.Process.Id, Attempt = chunk.Attempt, Busy = from.Busy };
        results.Batches.AddRange(from.Batches);
        results.Failures.AddRange(from.Failures);
        return new NodeMessage { ChunkResults = new ChunkResults { ChunkId = chunk.Id, Results = results } };
    }

    public NodeMessage Output(PoolChunk chunk, PoolWorker worker, IEnumerable<OutputLine> lines)
    {
        var output = new Output();
        foreach (var line in lines)
        {
            line.Node = node;
            line.WorkerPid = worker.Process.Id;
            output.Lines.Add(line);
        }

        return new NodeMessage { ChunkOutput = new ChunkOutput { ChunkId = chunk.Id, Output = output } };
    }

    /// <summary>How a chunk ended, by its worker's word.</summary>
    public NodeMessage Ended(PoolChunk chunk, PoolWorker worker, WorkerChunkEnded ended, TimeSpan elapsed)
    {
        if (ended.CodeError is { } error)
        {
            Locate(error, chunk, worker);
        }

        var end = ended switch
        {
            { CodeError: not null } => ChunkEnd.CodeFailed,
            { Cancelled: true } => ChunkEnd.Cancelled,
            _ => ChunkEnd.Done,
        };
        return Ended(chunk, end, elapsed, ended.CodeError);
    }

    public static NodeMessage Ended(PoolChunk chunk, ChunkEnd end, TimeSpan elapsed, ErrorInfo? error = null) => new()
    {
        ChunkEnded = new ChunkEnded { ChunkId = chunk.Id, End = end, Elapsed = Duration.FromTimeSpan(elapsed), Error = error },
    };

    /// <summary>A chunk has lost its worker.</summary>
    public NodeMessage WorkerLost(PoolChunk chunk, PoolWorker worker, TimeSpan elapsed)
    {
        var message = worker.EndedBecause is { } reason
            ? $"The worker process {worker.Process.Id} on node {node} was ended: {reason}"
            : $"The worker process {worker.Process.Id} on node {node} {worker.Status} while it ran this. Look at its last stderr lines; "
                + "a crash in native code, Environment.Exit, a stack overflow and a lack of memory look like this.";
        var error = new ErrorInfo
        {
            Kind = ErrorKind.WorkerLost,
            Message = message,
            StderrTail = worker.Process.StderrTail,
            Transient = true,
        };
        if (worker.Status.Signal is { } signal)
        {
            error.Signal = signal;
        }
        else if (worker.Status.Code is { } code)
        {
            error.ExitCode = code;
        }

        Locate(error, chunk, worker);
        var ended = Ended(chunk, ChunkEnd.WorkerLost, elapsed, error);
        ended.ChunkEnded.Shared = worker.EndedInCompany;
        return ended;
    }

    /// <summary>Why a chunk's worker was ended for its memory.</summary>
    public ErrorInfo OutOfMemory(PoolChunk chunk, PoolWorker worker)
    {
        var overuse = worker.Overuse!;
        var error = new ErrorInfo
        {
            Kind = ErrorKind.OutOfMemory,
            Message = $"The worker process {worker.Process.Id} on node {node} was ended: {overuse}",
            MemoryLimit = (ulong)overuse.Limit,
            MemoryUsed = (ulong)overuse.Used,
            StderrTail = worker.Process.StderrTail,

            // With less beside it, it may find room.
            Transient = overuse.OfNode,
        };
        Locate(error, chunk, worker);
        return error;
    }

    /// <summary>A chunk's worker was ended because the time of an item was up.</summary>
    public NodeMessage TimedOut(PoolChunk chunk, PoolWorker worker, ItemTiming timing, TimeSpan elapsed)
    {
        var ran = timing.Overdue.GetValueOrDefault();
        var error = new ErrorInfo
        {
            Kind = ErrorKind.Timeout,
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"It ran for {ran.TotalSeconds:0.###} s and did not end when its token was cancelled; its timeout is {timing.Timeout.TotalSeconds:0.###} s. The worker process was ended and replaced. ")
                + "If it needs longer, raise Timeout (TaskOptions, MapOptions); if it can stop early, let it look at TaskContext.Current.CancellationToken.",
            Timeout = Duration.FromTimeSpan(timing.Timeout),
            Elapsed = Duration.FromTimeSpan(ran),
            StderrTail = worker.Process.StderrTail,
            Transient = true,
            Attempt = chunk.Attempt + timing.Tries - Math.Min(chunk.Tries, timing.Tries),
        };
        Locate(error, chunk, worker);
        var ended = Ended(chunk, ChunkEnd.TimedOut, elapsed, error);
        (ended.ChunkEnded.Index, ended.ChunkEnded.Tries) = (timing.Index, timing.Tries + 1);
        return ended;
    }

    /// <summary>Adds where an error happened.</summary>
    public void Locate(ErrorInfo error, PoolChunk chunk, PoolWorker worker)
    {
        error.Node = node;
        error.WorkerPid = worker.Process.Id;

        // Attempts that the worker has made by itself count too.
        error.Attempt = Math.Max(error.Attempt, chunk.Attempt);
    }
}
