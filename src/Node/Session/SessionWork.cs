using System.Collections.Concurrent;
using Cluster.Node.Code;
using Cluster.Node.Workers;
using Cluster.Node.Workers.Dedicated;
using Cluster.Protocol.V1;

namespace Cluster.Node.Session;

/// <summary>What the coordinator asked for in one session: its jobs and chunks by its own numbers, and the way from its commands to the pool.</summary>
/// <remarks>Commands come from one reader; chunks end on the threads of the pool.</remarks>
internal sealed class SessionWork(WorkerPool pool, ProcessPools processes, CodeCache code, Outbox outbox, Leftovers leftovers, string node, Action<TimeSpan?> drain) : IDisposable
{
    private readonly Dictionary<ulong, PoolJob> _jobs = [];
    private readonly ConcurrentDictionary<ulong, PoolChunk> _chunks = new();
    private readonly ConcurrentDictionary<ulong, bool> _endedEarly = new();
    private readonly CancellationTokenSource _over = new();

    /// <summary>Acts on a command; never waits.</summary>
    /// <exception cref="SessionLostException">The coordinator broke the protocol.</exception>
    public void Handle(NodeCommand command)
    {
        switch (command.CommandCase)
        {
            case NodeCommand.CommandOneofCase.OpenJob:
                Open(command.OpenJob);
                break;
            case NodeCommand.CommandOneofCase.RunChunk:
                Run(command.RunChunk);
                break;
            case NodeCommand.CommandOneofCase.Adopt:
                Adopt(command.Adopt);
                break;
            case NodeCommand.CommandOneofCase.CancelChunk:
                Cancel(command.CancelChunk);
                break;
            case NodeCommand.CommandOneofCase.Drain:
                drain(command.Drain.Grace?.ToTimeSpan());
                break;
            case NodeCommand.CommandOneofCase.CloseJob:
                if (_jobs.Remove(command.CloseJob.Job, out var job))
                {
                    job.Pool.CloseJob(job);
                }

                break;
            default:
                // A newer coordinator may say things that this version need not understand.
                break;
        }
    }

    /// <summary>What would be left over if the session ended now.</summary>
    public PoolChunk[] FindLeftovers()
    {
        var said = outbox.Unacknowledged.ToLookup(static said => said.Chunk);
        var all = _chunks.Values.Concat(said.Select(static group => group.Key).OfType<PoolChunk>()).Distinct();
        return [.. all.Where(chunk => Leftover.IsPossible(chunk, said[chunk]))];
    }

    /// <summary>The session is over: nobody waits for its chunks any more, but somebody may ask for those that have begun.</summary>
    public void Dispose()
    {
        _over.Cancel();
        var left = FindLeftovers().Select(static chunk => new Leftover(chunk)).ToArray();
        var said = outbox.Unacknowledged.ToLookup(static said => said.Chunk);
        left = [.. left.Where(item => item.TryKeep([.. said[item.Chunk]]))];
        leftovers.Add(left);
        WorkerPool.Abandon(_chunks.Values.Except(left.Select(static item => item.Chunk)));
        foreach (var job in _jobs.Values)
        {
            job.Pool.CloseJob(job);
        }

        _chunks.Clear();
        _jobs.Clear();
        _over.Dispose();
    }

    private void Open(OpenJob open)
    {
        var job = open.Spec.Process ? processes.Open(open) : pool.CreateJob(open);
        if (!_jobs.TryAdd(open.Job, job))
        {
            throw new SessionLostException($"The coordinator opened job {open.Job} twice.");
        }

        // It tells the pool how it ended, failures included.
        _ = PrepareAsync(job, _over.Token);
    }

    private async Task PrepareAsync(PoolJob job, CancellationToken cancellationToken)
    {
        try
        {
            job.Paths = await code.GetAsync(job.Spec.Function?.Code?.Files ?? [], cancellationToken).ConfigureAwait(false);
            job.Pool.JobReady(job);
        }
        catch (CodeUnavailableException exception)
        {
            job.CodeError = new ErrorInfo { Kind = ErrorKind.Code, Message = exception.Message, Node = node, Transient = true };
            job.Pool.JobFailed(job);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The session is over, and with it the job.
        }
        catch (Exception exception)
        {
            // Nobody waits for this task: what is not told to the pool would leave the job's chunks waiting for ever.
            job.CodeError = new ErrorInfo { Kind = ErrorKind.Code, Message = $"The function's code cannot be prepared: {exception.Message}", Node = node, Transient = true };
            job.Pool.JobFailed(job);
        }
    }

    private void Run(RunChunk run)
    {
        if (_chunks.TryGetValue(run.ChunkId, out var known))
        {
            known.PoolJob.Pool.AddPart(known, run);
            return;
        }

        if (_endedEarly.ContainsKey(run.ChunkId))
        {
            // The rest of a chunk that was answered before all of it had come.
            if (run.Last)
            {
                _endedEarly.TryRemove(run.ChunkId, out _);
            }

            return;
        }

        if (!_jobs.TryGetValue(run.Job, out var job))
        {
            throw new SessionLostException($"The coordinator sent chunk {run.ChunkId} of job {run.Job}, which is not open.");
        }

        var chunk = job.Pool.CreateChunk(job, run, outbox, Forget);
        _chunks[run.ChunkId] = chunk;
        job.Pool.Run(chunk);
    }

    private void Adopt(AdoptItem adopt)
    {
        if (!leftovers.TryTake(adopt.JobKey, adopt.Index, out var item))
        {
            outbox.Send(new NodeMessage { ChunkEnded = new ChunkEnded { ChunkId = adopt.ChunkId, End = ChunkEnd.Cancelled } });
            return;
        }

        _chunks[adopt.ChunkId] = item.Chunk;
        if (!item.HandTo(adopt.ChunkId, outbox, Forget))
        {
            _chunks.TryRemove(adopt.ChunkId, out _);
        }
    }

    private void Forget(PoolChunk ended)
    {
        if (!ended.IsComplete)
        {
            _endedEarly[ended.Id] = true;
        }

        _chunks.TryRemove(ended.Id, out _);
    }

    private void Cancel(CancelChunk cancel)
    {
        // It may have ended while the command was on its way.
        if (_chunks.TryGetValue(cancel.ChunkId, out var chunk))
        {
            if (cancel.UnlessBegun)
            {
                chunk.PoolJob.Pool.Withdraw(chunk);
            }
            else
            {
                chunk.PoolJob.Pool.Cancel(chunk, cancel.Grace?.ToTimeSpan());
            }
        }
    }
}
