using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Cluster.Node.Session;
using Cluster.Node.Telemetry;
using Cluster.Node.Workers.Assignment;
using Cluster.Node.Workers.Link;
using Cluster.Protocol.Batches;
using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;

namespace Cluster.Node.Workers;

/// <summary>A chunk in the node's hands.</summary>
/// <param name="number">Unique in this process, unlike the coordinator's numbers.</param>
/// <param name="job">The job that it belongs to.</param>
/// <param name="first">Its first, and often only, message.</param>
/// <param name="outbox">Where its answers go: the session that asked for it.</param>
/// <param name="onEnded">Called when it has been answered.</param>
internal sealed class PoolChunk(ulong number, PoolJob job, RunChunk first, Outbox outbox, Action<PoolChunk> onEnded) : ChunkState(job)
{
    // All of it, until it has begun: another worker may have to take it over.
    private readonly List<RunChunk> _parts = [first];
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Taken while something is said of it: who waits for it may change meanwhile.
    private readonly Lock _saying = new();
    private volatile Outbox _outbox = outbox;
    private Action<PoolChunk> _onEnded = onEnded;
    private int _sent;

    public ulong Number => number;

    /// <summary>The coordinator's number.</summary>
    public ulong Id { get; private set; } = first.ChunkId;

    /// <summary>Its first item.</summary>
    public ulong Index { get; } = first.Batches.Count > 0 ? first.Batches[0].First : 0;

    public uint Attempt { get; } = first.Attempt;

    /// <summary>How many attempts at its only item have failed before, by the count of the job's retry policy.</summary>
    public uint Tries { get; } = first.Tries;

    public PoolJob PoolJob => job;

    /// <summary>Where its answers go.</summary>
    public Outbox Outbox => _outbox;

    /// <summary>Some of its results have been said, or parts of one.</summary>
    public bool HasAnswers { get; private set; }

    public bool WantsOutput => job.Spec.WantOutput;

    /// <summary>Its trace; null: it belongs to none, or nobody listens.</summary>
    public Activity? Span { get; init; }

    /// <summary>When it was begun; 0 before.</summary>
    public long StartedAt { get; private set; }

    /// <summary>More of it has come.</summary>
    public void Add(RunChunk part)
    {
        _parts.Add(part);
        Items += CountItems(part);
        IsComplete = part.Last;
    }

    /// <summary>How many items begin in a part of a chunk; one that travels in several is counted with its first.</summary>
    public static long CountItems(RunChunk part) => part.Batches.Sum(static batch => batch.FragmentOffset == 0 ? batch.Count : 0L);

    /// <summary>The next part that its worker does not have.</summary>
    public bool TryTakeUnsent([NotNullWhen(true)] out RunChunk? part)
    {
        part = _sent < _parts.Count ? _parts[_sent++] : null;
        if (StartedAt != 0)
        {
            ForgetSent();
        }

        return part is not null;
    }

    /// <summary>Sends a worker what it does not have.</summary>
    public void SendTo(WorkerLink link)
    {
        while (TryTakeUnsent(out var part))
        {
            EncodedBatch[] batches = [.. part.Batches.Select(FramePayloads.Detach)];
            link.Send(ToWorkerMessages.Run(this, batches, part.Last), batches);
        }
    }

    /// <summary>All of it has to be sent again.</summary>
    public override void TakenBack() => _sent = 0;

    /// <inheritdoc/>
    public override void Forgotten() => ChunkSpan.End(Span, null, null, Items);

    /// <summary>It will not be taken back any more.</summary>
    public void Begin(long timestamp)
    {
        StartedAt = timestamp;
        ForgetSent();
    }

    /// <summary>Done when it has been answered.</summary>
    public Task Over => _over.Task;

    public void Ended()
    {
        Action<PoolChunk> onEnded;
        lock (_saying)
        {
            _over.TrySetResult();
            onEnded = _onEnded;
        }

        onEnded(this);
    }

    /// <summary>Says something of it to whoever waits for it.</summary>
    public void Say(NodeMessage message, int bytes = 0)
    {
        lock (_saying)
        {
            HasAnswers |= message.ChunkResults is not null;
            _outbox.Post(ChunkMessages.Address(message, Id), bytes, this);
        }
    }

    /// <summary>Somebody else waits for it from now on.</summary>
    /// <param name="id">Their number for it.</param>
    /// <param name="to">Where its answers go from now on.</param>
    /// <param name="ended">Called when it has been answered, unless it has been already.</param>
    /// <param name="said">What was said of it before, and has to be said to them. Called once, while nothing more is said.</param>
    /// <returns>Whether more is to come.</returns>
    public bool Redirect(ulong id, Outbox to, Action<PoolChunk> ended, Func<IEnumerable<Said>> said)
    {
        lock (_saying)
        {
            foreach (var earlier in said())
            {
                to.Post(ChunkMessages.Address(earlier.Message, id), earlier.Bytes, this);
            }

            (Id, _outbox, _onEnded) = (id, to, ended);
            return !_over.Task.IsCompleted;
        }
    }

    private void ForgetSent()
    {
        _parts.RemoveRange(0, _sent);
        _sent = 0;
    }
}
