using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;
using Cluster.Worker.Code;
using Cluster.Worker.Link;

namespace Cluster.Worker.Running;

/// <summary>
/// Reads what the node says and runs its chunks, by leader and followers: one thread reads; when it has a chunk it lets another thread read on and
/// runs the chunk itself, and then those that have come meanwhile, so that no chunk waits for a thread to wake up. There are never more threads
/// than chunks run at once, and one to listen.
/// </summary>
internal sealed class FrameLoop(ChunkSurroundings surroundings, ChunkQueue queue, CodeContexts contexts, Action onNodeGone)
{
    private readonly Lock _leader = new();
    private readonly Dictionary<ulong, WorkerJob> _jobs = [];
    private readonly Dictionary<ulong, ChunkRun> _arriving = [];
    private int _followers;

    /// <summary>Serves the node, on this thread and as many more as it takes, until the node is gone.</summary>
    public void Run()
    {
        try
        {
            while (true)
            {
                Interlocked.Increment(ref _followers);
                ChunkRun? chunk;
                lock (_leader)
                {
                    Interlocked.Decrement(ref _followers);
                    chunk = ReadToNextChunk_NeedsLock();
                }

                if (chunk is null)
                {
                    break;
                }

                SeeToFollower();
                RunFrom(chunk);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The node broke off; it may have been killed.
        }

        onNodeGone();
    }

    private void SeeToFollower()
    {
        if (Volatile.Read(ref _followers) == 0)
        {
            new Thread(Run) { IsBackground = true, Name = "chunks" }.UnsafeStart();
        }
    }

    /// <summary>Runs a chunk and those that follow it on its thread.</summary>
    private void RunFrom(ChunkRun? chunk)
    {
        while (chunk is not null)
        {
            // An asynchronous function ends its chunk on whatever thread it comes back on; this one is free before.
            var running = StartAsync(chunk);
            if (running.IsCompleted)
            {
                chunk = running.GetAwaiter().GetResult();
                continue;
            }

            _ = GoOnAfterAsync(running);
            return;
        }
    }

    private async Task GoOnAfterAsync(ValueTask<ChunkRun?> running)
    {
        try
        {
            RunFrom(await running.ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            onNodeGone();
        }
        catch (Exception exception)
        {
            // As on a chunk's own thread, where nobody would catch it: the chunk would never end otherwise.
            Environment.FailFast("A chunk could not be ended.", exception);
        }
    }

    private ValueTask<ChunkRun?> StartAsync(ChunkRun chunk)
    {
        if (chunk.Job.TryGetRunner(out var error) is { } runner)
        {
            return runner.RunAsync(chunk, surroundings, queue);
        }

        var next = queue.End(chunk);
        surroundings.Link.Send(new OutgoingFrame(new FromWorker
        {
            ChunkEnded = new WorkerChunkEnded { ChunkId = chunk.Number, CodeError = error, NextChunkId = next?.Number ?? 0 },
        }));
        return ValueTask.FromResult(next);
    }

    private ChunkRun? ReadToNextChunk_NeedsLock()
    {
        while (surroundings.Link.Read() is { } frame)
        {
            switch (frame.Header.MessageCase)
            {
                case ToWorker.MessageOneofCase.OpenJob:
                    _jobs[frame.Header.OpenJob.Job] = new WorkerJob(frame.Header.OpenJob, contexts, surroundings.Time);
                    break;
                case ToWorker.MessageOneofCase.RunChunk:
                    if (Collect(frame) is { } chunk && queue.TryBegin(chunk))
                    {
                        return chunk;
                    }

                    break;
                case ToWorker.MessageOneofCase.CancelChunk:
                    Cancel(frame.Header.CancelChunk.ChunkId, frame.Header.CancelChunk.AfterItem);
                    break;
                case ToWorker.MessageOneofCase.RecallChunk:
                    GiveBack(frame.Header.RecallChunk.ChunkId);
                    break;
                case ToWorker.MessageOneofCase.CloseJob:
                    if (_jobs.Remove(frame.Header.CloseJob.Job, out var job))
                    {
                        job.Dispose();
                    }

                    break;
                default:
                    // Node and worker come from the same build; there is nothing else.
                    break;
            }
        }

        return null;
    }

    /// <summary>Adds a frame to its chunk.</summary>
    /// <returns>The chunk when it is complete.</returns>
    private ChunkRun? Collect(Frame<ToWorker> frame)
    {
        var run = frame.Header.RunChunk;
        FramePayloads.Attach(run.Batches, run.PayloadLengths, frame.Payload);
        if (!_arriving.Remove(run.ChunkId, out var chunk))
        {
            chunk = new ChunkRun(run.ChunkId, _jobs[run.Job], run.Attempt, run.Tries) { Traceparent = run.Traceparent };
            queue.Announce(chunk);
        }

        chunk.Batches.AddRange(run.Batches);
        if (run.Last)
        {
            return chunk;
        }

        _arriving[run.ChunkId] = chunk;
        return null;
    }

    private void Cancel(ulong number, bool afterItem)
    {
        if (queue.TryWithdraw(number))
        {
            surroundings.Link.Send(new OutgoingFrame(new FromWorker { ChunkEnded = new WorkerChunkEnded { ChunkId = number, Cancelled = true } }));
        }
        else if (queue.TryFind(number, out var chunk))
        {
            if (afterItem)
            {
                chunk.Stop();
            }
            else
            {
                chunk.Cancel();
            }
        }
    }

    private void GiveBack(ulong number)
    {
        if (queue.TryWithdraw(number))
        {
            surroundings.Link.Send(new OutgoingFrame(new FromWorker { ChunkReturned = new WorkerChunkReturned { ChunkId = number } }));
        }
        else if (queue.TryFind(number, out _))
        {
            surroundings.Link.Send(new OutgoingFrame(new FromWorker { ChunkBegun = new WorkerChunkBegun { ChunkId = number } }));
        }
    }
}
