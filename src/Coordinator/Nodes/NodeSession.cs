using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Scheduling;
using Cluster.Protocol;
using Cluster.Protocol.Sessions;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Cluster.Coordinator.Nodes;

/// <summary>
/// A node's session: what it was told, what it holds, and the connection that it has now, if any. Commands come from the scheduler's loop; answers
/// from the thread that reads the node's stream.
/// </summary>
internal sealed class NodeSession(NodeId id, Hello hello, NodeLease lease, DateTimeOffset attachedAt)
{
    // Single-item batches of a chunk cost more to list than to carry; a message stays small enough to parse in one go.
    private const int MaxBatchesPerMessage = 1024;

    // Commands other than chunks have a handful of numbers in them.
    private const long SmallCommandBytes = 64;

    private const int TokenBytes = 16;

    private readonly Lock _gate = new();
    private readonly ReplayBuffer<NodeCommand> _said = new();
    private readonly Receipts _heard = new();
    private readonly ConcurrentDictionary<ChunkId, HeldChunk> _chunks = new();
    private readonly HashSet<JobId> _openJobs = [];
    private readonly TaskCompletionSource<Status> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NodeDrain? _draining;
    private NodeConnection? _connection;
    private bool _isConnected;
    private volatile Heartbeat _lastHeartbeat = new();

    /// <summary>Its number.</summary>
    public NodeId Id => id;

    /// <summary>What the node said of itself.</summary>
    public Hello Hello => hello;

    /// <summary>Unique among the attached nodes.</summary>
    public string Name => hello.Name;

    /// <summary>Renewed by every message of the node.</summary>
    public NodeLease Lease => lease;

    /// <summary>What the node said last of how busy it is.</summary>
    public Heartbeat LastHeartbeat
    {
        get => _lastHeartbeat;
        set => _lastHeartbeat = value;
    }

    /// <summary>When it attached.</summary>
    public DateTimeOffset AttachedAt => attachedAt;

    /// <summary>With what the node takes the session up again; empty: it cannot.</summary>
    public string Token { get; } = hello.Resumable ? RandomNumberGenerator.GetHexString(2 * TokenBytes) : "";

    /// <summary>That it is to leave, as far as anybody has said; null: it is not.</summary>
    public NodeDrain? Draining => Volatile.Read(ref _draining);

    /// <summary>What it sends.</summary>
    public NodeStream Stream { get; set; } = null!;

    /// <summary>Done, with the reason, when the session is over.</summary>
    public Task<Status> Closed => _closed.Task;

    /// <summary>Whether the node can be written to, as far as is known.</summary>
    public bool IsConnected
    {
        get
        {
            lock (_gate)
            {
                return _isConnected;
            }
        }
    }

    /// <summary>How many commands are kept because the node has not said that it has them.</summary>
    public ulong Unacknowledged
    {
        get
        {
            lock (_gate)
            {
                return _said.Last - _said.Acknowledged;
            }
        }
    }

    /// <summary>Writes what the last call has queued; for those who were told to.</summary>
    public IThreadPoolWorkItem Writer { get; private set; } = null!;

    /// <summary>Taken while a message of the node is acted on: a new connection begins between two messages, not within one.</summary>
    public Lock Receiving { get; } = new();

    /// <summary>Goes on with a connection: greets the node, and says again what it has not heard. What its last connection still brings is ignored.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="received">How many commands the node has acted on.</param>
    /// <param name="welcome">Makes the greeting, from the number of messages that the node need not say again.</param>
    /// <returns>False: the session is over, or was another.</returns>
    public bool TryConnect(NodeConnection connection, ulong received, Func<ulong, Welcome> welcome)
    {
        lock (Receiving)
        {
            lock (_gate)
            {
                if (_closed.Task.IsCompleted || !_said.TryRewind(received, out var again))
                {
                    return false;
                }

                _connection?.Supersede();
                _connection = connection;
                _isConnected = true;
                lease.Renew();
                _heard.TryAcknowledge(out var heard);
                connection.Outbox.Add(new NodeCommand { Welcome = welcome(heard) }, SmallCommandBytes);
                foreach (var (command, bytes) in again)
                {
                    connection.Outbox.Add(command, bytes);
                }
            }
        }

        connection.Outbox.Execute();
        return true;
    }

    /// <summary>A connection has broken. The node may come back with another.</summary>
    public void Disconnect(NodeConnection connection)
    {
        lock (_gate)
        {
            _isConnected &= _connection != connection;
        }
    }

    /// <summary>Whether a connection is the last that the node came with.</summary>
    public bool IsLatest(NodeConnection connection)
    {
        lock (_gate)
        {
            return _connection == connection;
        }
    }

    /// <summary>Remembers that it is to leave. The first reason counts, and the last grace.</summary>
    public NodeDrain NoteDraining(NodeDrain draining)
    {
        lock (_gate)
        {
            var known = _draining ?? draining;
            _draining = draining with { Reason = known.Reason.Length > 0 ? known.Reason : draining.Reason };
            return _draining;
        }
    }

    /// <summary>Ends the session because of the end of a connection, unless the node has come back with another.</summary>
    public void CloseUnlessSuperseded(NodeConnection connection, Status reason)
    {
        lock (_gate)
        {
            if (_connection == connection)
            {
                _closed.TrySetResult(reason);
            }
        }
    }

    /// <summary>Ends the session; the first reason counts.</summary>
    public void Close(StatusCode code, string reason)
    {
        lock (_gate)
        {
            _closed.TrySetResult(new Status(code, reason));
        }
    }

    /// <summary>Sends a command that has no number: it makes sense now or never.</summary>
    public void Send(NodeCommand command)
    {
        NodeConnection? connection;
        lock (_gate)
        {
            connection = _isConnected ? _connection : null;
        }

        connection?.Outbox.Send(command, SmallCommandBytes);
    }

    /// <summary>A numbered message of the node has been acted on. Called by the reader.</summary>
    /// <param name="bytes">Size of its payload.</param>
    public void Heard(long bytes)
    {
        if (Token.Length > 0 && _heard.Add(bytes))
        {
            Acknowledge();
        }
    }

    /// <summary>Tells the node what it need not keep any more. Called by the reader.</summary>
    public void Acknowledge()
    {
        if (_heard.TryAcknowledge(out var received))
        {
            Send(new NodeCommand { Acknowledged = new Acknowledged { Received = received } });
        }
    }

    /// <summary>The node has acted on commands.</summary>
    /// <returns>False: on some that were never given.</returns>
    public bool TryAcknowledge(ulong received)
    {
        lock (_gate)
        {
            return _said.TryAcknowledge(received);
        }
    }

    /// <summary>Hands items over, and before the first of a job what to run. Called by the scheduler's loop, as all that follows.</summary>
    /// <returns>True: the caller must see to it that <see cref="Writer"/> is executed.</returns>
    public bool Dispatch(JobSession job, ChunkId chunk, ItemRange items, uint attempt, uint tries, bool alone)
    {
        var commands = new List<(NodeCommand, long)>();
        if (_openJobs.Add(job.Id))
        {
            var open = new NodeCommand { OpenJob = new OpenJob { Job = job.Id.Value, JobId = job.PublicId, Spec = job.Spec } };
            commands.Add((open, open.CalculateSize()));
        }

        _chunks[chunk] = new HeldChunk(chunk, job, items, attempt);
        var batches = new List<Batch>();
        job.Inputs.Cut(items, batches);
        for (var next = 0; next < batches.Count;)
        {
            var run = new RunChunk { ChunkId = chunk.Value, Job = job.Id.Value, Attempt = attempt, Tries = tries, Alone = alone };
            long bytes = 0;
            do
            {
                bytes += batches[next].Payload.Length + batches[next].Lengths.Length;
                run.Batches.Add(batches[next++]);
            }
            while (next < batches.Count && bytes + batches[next].Payload.Length <= Limits.MaxPayloadBytes && run.Batches.Count < MaxBatchesPerMessage);
            run.Last = next == batches.Count;
            commands.Add((new NodeCommand { RunChunk = run }, bytes + SmallCommandBytes));
        }

        return Say(CollectionsMarshal.AsSpan(commands));
    }

    /// <summary>Has the node go on with an item that it brought along.</summary>
    /// <returns>As for <see cref="Dispatch"/>.</returns>
    public bool Adopt(JobSession job, ChunkId chunk, ItemRange item, uint attempt)
    {
        _chunks[chunk] = new HeldChunk(chunk, job, item, attempt);
        var adopt = new AdoptItem { ChunkId = chunk.Value, JobKey = job.Spec.Key, Index = item.First };
        return Say([(new NodeCommand { Adopt = adopt }, SmallCommandBytes + adopt.JobKey.Length)]);
    }

    /// <summary>Asks for a chunk back.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="grace">How long it may go on; null: until it ends by itself.</param>
    /// <param name="unlessBegun">Not if a worker has begun it.</param>
    /// <returns>As for <see cref="Dispatch"/>.</returns>
    public bool CancelChunk(ChunkId chunk, TimeSpan? grace, bool unlessBegun)
    {
        var cancel = new CancelChunk { ChunkId = chunk.Value, Grace = grace?.ToDuration(), UnlessBegun = unlessBegun };
        return Say([(new NodeCommand { CancelChunk = cancel }, SmallCommandBytes)]);
    }

    /// <summary>Tells the node to leave.</summary>
    /// <param name="grace">For what runs there; null: the node's own.</param>
    /// <returns>As for <see cref="Dispatch"/>.</returns>
    public bool Drain(Duration? grace) => Say([(new NodeCommand { Drain = new Drain { Grace = grace } }, SmallCommandBytes)]);

    /// <summary>Tells the node that a job is over, if it knows of it.</summary>
    /// <returns>As for <see cref="Dispatch"/>.</returns>
    public bool CloseJob(JobId job) =>
        _openJobs.Remove(job) && Say([(new NodeCommand { CloseJob = new CloseJob { Job = job.Value } }, SmallCommandBytes)]);

    /// <summary>Finds a chunk that the node holds. Called by the reader, as <see cref="End"/>.</summary>
    public bool TryFind(ulong chunk, [NotNullWhen(true)] out HeldChunk? held) => _chunks.TryGetValue(new ChunkId(chunk), out held);

    /// <summary>Forgets a chunk that has ended; what the node still sends of it breaks the protocol.</summary>
    public void End(HeldChunk chunk) => _chunks.TryRemove(chunk.Id, out _);

    // All at once: another connection must not come in between.
    private bool Say(ReadOnlySpan<(NodeCommand Command, long Bytes)> commands)
    {
        lock (_gate)
        {
            var write = false;
            foreach (var (command, bytes) in commands)
            {
                if (Token.Length > 0)
                {
                    _said.Add(command, bytes);
                }

                write |= _isConnected && _connection!.Outbox.Add(command, bytes);
            }

            Writer = _connection!.Outbox;
            return write;
        }
    }
}
