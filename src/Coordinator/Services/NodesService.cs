using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Nodes;
using Cluster.Coordinator.Scheduling;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Cluster.Coordinator.Services;

/// <summary>Nodes: their sessions, and the list of them.</summary>
internal sealed class NodesService(
    NodeRegistry nodes,
    SchedulerLoop loop,
    CoordinatorOptions options,
    TimeProvider time,
    StreamShutdown shutdown,
    CoordinatorMetrics metrics,
    ILogger<NodesService> logger)
    : Cluster.Protocol.V1.Nodes.NodesBase
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public override async Task Attach(IAsyncStreamReader<NodeMessage> requestStream, IServerStreamWriter<NodeCommand> responseStream, ServerCallContext context)
    {
        var node = Register(await ReadHelloAsync(requestStream, context.CancellationToken), responseStream);
        using var stopping = shutdown.Register(node.Close);
        NodesLog.NodeAttached(logger, node.Name, context.Peer, node.Hello.Slots, node.Hello.Version);
        node.Send(new NodeCommand
        {
            Welcome = new Welcome
            {
                ProtocolVersion = ProtocolVersion.Current,
                Version = CoordinatorHost.Version,
                HeartbeatPeriod = options.HeartbeatPeriod.ToDuration(),
                Lease = options.Lease.ToDuration(),
            },
        });
        loop.Attach(node);
        var stream = new NodeStream(node, loop, options.MaxItemBytes);
        _ = stream.ReadAsync(requestStream, context.CancellationToken);
        await Task.WhenAny(node.Closed, node.Writing);
        node.Close(StatusCode.Unavailable, "The node's stream cannot be written to any more.");
        End(node, await node.Closed, stream.HasLeft);
    }

    public override async Task<ListNodesReply> List(ListNodesRequest request, ServerCallContext context)
    {
        var sessions = nodes.All;
        var snapshots = await loop.DescribeAsync(sessions);
        return new ListNodesReply
        {
            Coordinator = new CoordinatorInfo
            {
                Version = CoordinatorHost.Version,
                MinProtocolVersion = ProtocolVersion.MinSupported,
                ProtocolVersion = ProtocolVersion.Current,
                StartedAt = _startedAt.ToTimestamp(),
            },
            // A node without a snapshot was lost while this was read.
            Nodes = { sessions.Zip(snapshots).Where(pair => pair.Second is not null).Select(pair => Describe(pair.First, pair.Second!.Value)) },
        };
    }

    private async Task<Hello> ReadHelloAsync(IAsyncStreamReader<NodeMessage> messages, CancellationToken cancellationToken) =>
        await shutdown.ReadFirstAsync(messages, cancellationToken) && messages.Current.MessageCase == NodeMessage.MessageOneofCase.Hello
            ? messages.Current.Hello
            : throw new RpcException(new Status(StatusCode.InvalidArgument, "The first message of Nodes.Attach must be `hello`."));

    private NodeSession Register(Hello hello, IServerStreamWriter<NodeCommand> commands)
    {
        if (HelloValidator.Refuse(hello, $"coordinator {CoordinatorHost.Version}") is { } refusal)
        {
            NodesLog.NodeRefused(logger, hello.Name, refusal.Detail);
            throw new RpcException(refusal);
        }

        var node = new NodeSession(nodes.NextId(), hello, commands, new NodeLease(time, options.Lease), time.GetUtcNow());
        if (!nodes.TryAdd(node, out var replaced))
        {
            var reason = $"A node named '{node.Name}' is attached already (process {replaced!.Hello.Pid} on {replaced.Hello.Host}). Give this one another name (--name).";
            NodesLog.NodeRefused(logger, node.Name, reason);
            throw new RpcException(new Status(StatusCode.AlreadyExists, reason));
        }

        if (replaced is not null)
        {
            loop.Lose(replaced);
            replaced.Close(StatusCode.Aborted, $"Node '{node.Name}' attached anew; this session is over.");
        }

        return node;
    }

    private void End(NodeSession node, Status reason, bool hasLeft)
    {
        nodes.Remove(node);
        loop.Lose(node);
        if (hasLeft)
        {
            NodesLog.NodeLeft(logger, node.Name);
        }
        else
        {
            metrics.NodesLost.Add(1);
            NodesLog.NodeLost(logger, node.Name, reason.Detail.Length > 0 ? reason.Detail : "It ended its stream without a goodbye.");
        }

        if (reason.StatusCode != StatusCode.OK)
        {
            throw new RpcException(reason);
        }
    }

    private static NodeInfo Describe(NodeSession node, in NodeSnapshot snapshot) => new()
    {
        Name = node.Name,
        State = snapshot.IsSuspect ? NodeState.Suspect : NodeState.Ready,
        Slots = node.Hello.Slots,
        Chunks = (uint)snapshot.Chunks,
        Labels = { node.Hello.Labels },
        Host = node.Hello.Host,
        Pid = node.Hello.Pid,
        Version = node.Hello.Version,
        Runtime = node.Hello.Runtime,
        AttachedAt = node.AttachedAt.ToTimestamp(),
        Items = snapshot.ItemsAnswered,
    };
}
