using Cluster.Coordinator.Dispatch;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Nodes;

/// <summary>One stream of a node's session. A session that can be resumed has several, one after another.</summary>
internal sealed class NodeConnection(IAsyncStreamWriter<NodeCommand> commands)
{
    private readonly TaskCompletionSource<Status> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _superseded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its one writer.</summary>
    public Outbox<NodeCommand> Outbox { get; } = new(commands, static _ => { });

    /// <summary>Done, with the reason, when nothing more can be read or written.</summary>
    public Task<Status> Ended => _ended.Task;

    /// <summary>Done when the node goes on with another connection.</summary>
    public Task Superseded => _superseded.Task;

    /// <summary>Nothing more can be read or written; the first reason counts.</summary>
    public void End(StatusCode code, string reason) => _ended.TrySetResult(new Status(code, reason));

    /// <summary>The node goes on with another connection.</summary>
    public void Supersede()
    {
        _superseded.TrySetResult();
        End(StatusCode.Aborted, "The node's session goes on with another connection.");
    }
}
