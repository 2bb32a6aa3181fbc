using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Scheduling;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Cluster.Coordinator.Nodes;

/// <summary>
/// One attachment of a node: what it was told, what it holds, and its stream. Commands come from the scheduler's loop; answers from the thread that
/// reads the node's stream.
/// </summary>
internal sealed class NodeSession
{
    // Single-item batches of a chunk cost more to list than to carry; a message stays small enough to parse in one go.
    private const int MaxBatchesPerMessage = 1024;

    // Commands other than chunks have a handful of numbers in them.
    private const long SmallCommandBytes = 64;

    private readonly Outbox<NodeCommand> _outbox;
    private readonly ConcurrentDictionary<ChunkId, HeldChunk> _chunks = new();
    private readonly HashSet<JobId> _openJobs = [];
    private readonly TaskCompletionSource<Status> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NodeSession(NodeId id, Hello hello, IAsyncStreamWriter<NodeCommand> commands, NodeLease lease, DateTimeOffset attachedAt)
    {
        Id = id;
        Hello = hello;
        Lease = lease;
        AttachedAt = attachedAt;
        _outbox = new Outbox<NodeCommand>(commands, static _ => { });
    }

    /// <summary>Its number.</summary>
    public NodeId Id { get; }

    /// <summary>What the node said of itself.</summary>
    public Hello Hello { get; }

    /// <summary>Unique among the attached nodes.</summary>
    public string Name => Hello.Name;

    /// <summary>Renewed by every message of the node.</summary>
    public NodeLease Lease { get; }

    /// <summary>When it attached.</summary>
    public DateTimeOffset AttachedAt { get; }

    /// <summary>Done, with the reason, when the coordinator ends the session.</summary>
    public Task<Status> Closed => _closed.Task;

    /// <summary>Faulted when the node cannot be written to.</summary>
    public Task Writing => _outbox.Completion;

    /// <summary>Begins to write commands; for those who were told to.</summary>
    public IThreadPoolWorkItem Writer => _outbox;

    /// <summary>Ends the session; the first reason counts.</summary>
    public void Close(StatusCode code, string reason) => _closed.TrySetResult(new Status(code, reason));

    /// <summary>Sends a command that is none of the scheduler's.</summary>
    public void Send(NodeCommand command) => _outbox.Send(command, SmallCommandBytes);

    /// <summary>Hands items over, and before the first of a job what to run. Called by the scheduler's loop, as all that follows.</summary>
    /// <returns>True: the caller must see to it that <see cref="Writer"/> is executed.</returns>
    public bool Dispatch(JobSession job, ChunkId chunk, ItemRange items, uint attempt)
    {
        var write = false;
        if (_openJobs.Add(job.Id))
        {
            var open = new NodeCommand { OpenJob = new OpenJob { Job = job.Id.Value, JobId = job.PublicId, Spec = job.Spec } };
            write = _outbox.Add(open, open.CalculateSize());
        }

        _chunks[chunk] = new HeldChunk(chunk, job, items, attempt);
        var batches = new List<Batch>();
        job.Inputs.Cut(items, batches);
        for (var next = 0; next < batches.Count;)
        {
            var run = new RunChunk { ChunkId = chunk.Value, Job = job.Id.Value, Attempt = attempt };
            long bytes = 0;
            do
            {
                bytes += batches[next].Payload.Length + batches[next].Lengths.Length;
                run.Batches.Add(batches[next++]);
            }
            while (next < batches.Count && bytes + batches[next].Payload.Length <= Limits.MaxPayloadBytes && run.Batches.Count < MaxBatchesPerMessage);
            run.Last = next == batches.Count;
            write |= _outbox.Add(new NodeCommand { RunChunk = run }, bytes + SmallCommandBytes);
        }

        return write;
    }

    /// <summary>Asks for a chunk back.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="grace">How long it may go on; null: until it ends by itself.</param>
    /// <param name="unlessBegun">Not if a worker has begun it.</param>
    /// <returns>As for <see cref="Dispatch"/>.</returns>
    public bool CancelChunk(ChunkId chunk, TimeSpan? grace, bool unlessBegun)
    {
        var cancel = new CancelChunk { ChunkId = chunk.Value, Grace = grace?.ToDuration(), UnlessBegun = unlessBegun };
        return _outbox.Add(new NodeCommand { CancelChunk = cancel }, SmallCommandBytes);
    }

    /// <summary>Tells the node that a job is over, if it knows of it.</summary>
    /// <returns>As for <see cref="Dispatch"/>.</returns>
    public bool CloseJob(JobId job) =>
        _openJobs.Remove(job) && _outbox.Add(new NodeCommand { CloseJob = new CloseJob { Job = job.Value } }, SmallCommandBytes);

    /// <summary>Finds a chunk that the node holds. Called by the reader, as <see cref="End"/>.</summary>
    public bool TryFind(ulong chunk, [NotNullWhen(true)] out HeldChunk? held) => _chunks.TryGetValue(new ChunkId(chunk), out held);

    /// <summary>Forgets a chunk that has ended; what the node still sends of it breaks the protocol.</summary>
    public void End(HeldChunk chunk) => _chunks.TryRemove(chunk.Id, out _);
}
