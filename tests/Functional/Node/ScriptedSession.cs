using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Functional.Node;

/// <summary>The coordinator's end of a node's session.</summary>
internal sealed class ScriptedSession(Hello hello, IAsyncStreamReader<NodeMessage> requests, IServerStreamWriter<NodeCommand> replies)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Hello Hello => hello;

    public Task Ended => _ended.Task;

    /// <summary>The next message of a kind; those of other kinds are passed over.</summary>
    public async Task<NodeMessage> ReceiveAsync(NodeMessage.MessageOneofCase kind, CancellationToken cancellationToken)
    {
        NodeMessage message;
        do
        {
            message = await ReceiveAsync(cancellationToken) ?? throw new InvalidOperationException($"The node ended its stream without a {kind}.");
        }
        while (message.MessageCase != kind);

        return message;
    }

    /// <summary>The next message; null where the node has ended its stream.</summary>
    public async Task<NodeMessage?> ReceiveAsync(CancellationToken cancellationToken) =>
        await requests.MoveNext(cancellationToken).WaitAsync(TimeSpan.FromSeconds(20), cancellationToken) ? requests.Current : null;

    public Task SendAsync(NodeCommand command) => replies.WriteAsync(command);

    /// <summary>Ends the session.</summary>
    public void End() => _ended.TrySetResult();
}
