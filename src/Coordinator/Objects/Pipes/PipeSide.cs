using Cluster.Coordinator.Objects.Queues;
using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Pipes;

/// <summary>One end of a pipe: what has come to it, and who waits for it.</summary>
internal sealed class PipeSide(PipeEnd end)
{
    public PipeEnd End { get; } = end;

    /// <summary>What the other end has sent.</summary>
    public Deque<Payload> Inbox { get; } = new();

    /// <summary>Those at the other end who wait for room here.</summary>
    public WaitLine Senders { get; } = new();

    public WaitLine Receivers { get; } = new();

    public WaitLine Pollers { get; } = new();

    public bool IsClosed { get; set; }

    /// <summary>The session that last sent or received at this end; 0: none has.</summary>
    public ulong User { get; set; }

    /// <summary>The other end.</summary>
    public PipeSide Peer { get; set; } = null!;
}
