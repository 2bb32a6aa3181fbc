using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Hosting.Access;
using Cluster.Coordinator.Jobs;
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
    // Enough to see a mistyped name.
    private const int MaxNames = 20;

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public override async Task Attach(IAsyncStreamReader<NodeMessage> requestStream, IServerStreamWriter<NodeCommand> responseStream, ServerCallContext context)
    {
        var hello = await ReadHelloAsync(requestStream, context.CancellationToken);
        var connection = new NodeConnection(responseStream);
        var node = Resume(hello, connection, context.Peer) ?? Register(hello, connection, context.Peer);
        using var stopping = shutdown.Register(node.Close);
        _ = node.Stream.ReadAsync(connection, requestStream, context.CancellationToken);
        await Task.WhenAny(node.Closed, connection.Ended, connection.Outbox.Completion);
        connection.End(StatusCode.Unavailable, "The node's stream cannot be written to any more.");
        await WaitForReturnAsync(node, connection);
        if (!node.IsLatest(connection))
        {
            throw new RpcException(await connection.Ended);
        }

        End(node, await node.Closed);
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

    public override async Task<DrainNodeReply> Drain(DrainNodeRequest request, ServerCallContext context)
    {
        if (!WireDuration.TryRead(request.Grace, out _))
        {
            throw RichStatus.BadField("grace", $"`grace` is {request.Grace}; a duration has {WireDuration.Rule}.");
        }

        var node = nodes.Find(request.Node) ?? throw RichStatus.Missing("node", request.Node, DescribeAbsence(request.Node));
        NodesLog.NodeToDrain(logger, node.Name, context.Peer);
        node.NoteDraining(new NodeDrain($"asked for by {Caller.Name(context)}", time.GetTimestamp(), request.Grace?.ToTimeSpan()));
        loop.Drain(node, request.Grace);
        if (request.Wait)
        {
            await node.Closed.WaitAsync(context.CancellationToken);
        }

        return new DrainNodeReply();
    }

    private string DescribeAbsence(string name)
    {
        var attached = nodes.All;
        return attached.Count == 0
            ? $"No node named '{name}' is attached; there is none at all."
            : $"No node named '{name}' is attached. There are: {string.Join(", ", attached.Select(node => node.Name).Order(StringComparer.Ordinal).Take(MaxNames))}{(attached.Count > MaxNames ? ", …" : "")}.";
    }

    private async Task<Hello> ReadHelloAsync(IAsyncStreamReader<NodeMessage> messages, CancellationToken cancellationToken) =>
        await shutdown.ReadFirstAsync(messages, cancellationToken) && messages.Current.MessageCase == NodeMessage.MessageOneofCase.Hello
            ? messages.Current.Hello
            : throw RichStatus.BadField("hello", "The first message of Nodes.Attach must be `hello`.");

    private NodeSession? Resume(Hello hello, NodeConnection connection, string peer)
    {
        if (hello.Resume is not { } resume || !nodes.TryFind(hello.Name, resume.Session, out var node)
            || !node.TryConnect(connection, resume.Received, heard => Welcome(node, resumed: true, heard)))
        {
            return null;
        }

        metrics.NodesResumed.Add(1);
        NodesLog.NodeResumed(logger, node.Name, peer);
        loop.Trust(node);
        return node;
    }

    private NodeSession Register(Hello hello, NodeConnection connection, string peer)
    {
        if (HelloValidator.Refuse(hello, $"coordinator {CoordinatorHost.Version}") is { } refusal)
        {
            NodesLog.NodeRefused(logger, hello.Name, refusal.Status.Detail);
            throw refusal;
        }

        var node = new NodeSession(nodes.NextId(), hello, new NodeLease(time, options.Lease), time.GetUtcNow());
        node.Stream = new NodeStream(node, loop, options.MaxItemBytes, draining => Note(node, draining));
        if (!nodes.TryAdd(node, out var replaced))
        {
            var reason = $"A node named '{node.Name}' is attached already (process {replaced!.Hello.Pid} on {replaced.Hello.Host}). Give this one another name (--name).";
            NodesLog.NodeRefused(logger, node.Name, reason);
            throw RichStatus.Existing("node", node.Name, reason);
        }

        if (replaced is not null)
        {
            loop.Lose(replaced);
            replaced.Close(StatusCode.Aborted, $"Node '{node.Name}' attached anew; this session is over.");
        }

        NodesLog.NodeAttached(logger, node.Name, peer, node.Hello.Slots, node.Hello.Version);
        node.TryConnect(connection, 0, heard => Welcome(node, resumed: false, heard));
        loop.Attach(node);
        return node;
    }

    private Welcome Welcome(NodeSession node, bool resumed, ulong heard) => new()
    {
        ProtocolVersion = ProtocolVersion.Current,
        Version = CoordinatorHost.Version,
        HeartbeatPeriod = options.HeartbeatPeriod.ToDuration(),
        Lease = options.Lease.ToDuration(),
        Session = node.Token,
        Resumed = resumed,
        Received = heard,
    };

    // The end of a connection is the end of the session, unless the node comes back in time.
    private async Task WaitForReturnAsync(NodeSession node, NodeConnection connection)
    {
        var broken = await connection.Ended;
        if (!node.Closed.IsCompleted && node.Token.Length > 0 && node.IsLatest(connection))
        {
            NodesLog.NodeDisconnected(logger, node.Name, options.Lease, broken.Detail);
            node.Disconnect(connection);
            loop.Disconnect(node);

            // The end of its lease ends the wait, if nothing else does.
            await Task.WhenAny(node.Closed, connection.Superseded);
        }

        node.CloseUnlessSuperseded(connection, broken);
    }

    private void End(NodeSession node, Status reason)
    {
        nodes.Remove(node);
        node.Stream.ForgetParts();
        if (node.Stream.HasLeft)
        {
            loop.Leave(node);
            NodesLog.NodeLeft(logger, node.Name);
        }
        else if (!shutdown.HasBegun)
        {
            // A coordinator that stops loses nobody: its clients take their jobs, items that are pinned to the node included, to the next one.
            loop.Lose(node);
            metrics.NodesLost.Add(1);
            if (node.Draining is { } draining)
            {
                NodesLog.NodeEndedDraining(logger, node.Name, draining.Reason, reason.Detail);
            }
            else
            {
                NodesLog.NodeLost(logger, node.Name, reason.Detail);
            }
        }

        if (reason.StatusCode != StatusCode.OK)
        {
            throw new RpcException(reason);
        }
    }

    private void Note(NodeSession node, Draining said)
    {
        var draining = node.NoteDraining(new NodeDrain(said.Reason, time.GetTimestamp(), said.Grace?.ToTimeSpan()));
        NodesLog.NodeDraining(logger, node.Name, draining.Reason, draining.Grace?.TotalSeconds ?? 0);
    }

    private NodeInfo Describe(NodeSession node, in NodeSnapshot snapshot) => new()
    {
        Name = node.Name,
        State = snapshot.IsDraining ? NodeState.Draining : snapshot.IsSuspect ? NodeState.Suspect : NodeState.Ready,
        Slots = node.Hello.Slots,
        Chunks = (uint)snapshot.Chunks,
        Labels = { node.Hello.Labels },
        Host = node.Hello.Host,
        Pid = node.Hello.Pid,
        Version = node.Hello.Version,
        Runtime = node.Hello.Runtime,
        AttachedAt = node.AttachedAt.ToTimestamp(),
        Items = snapshot.ItemsAnswered,
        Running = node.LastHeartbeat.Running,
        MemoryBytes = node.LastHeartbeat.MemoryBytes,
        MemoryLimitBytes = node.LastHeartbeat.MemoryLimitBytes,
        DrainReason = snapshot.IsDraining ? node.Draining?.Reason ?? "" : "",
        DrainLeft = snapshot.IsDraining ? node.Draining?.Left(time)?.ToDuration() : null,
    };
}
