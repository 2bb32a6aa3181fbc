using System.Diagnostics.Metrics;
using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Nodes;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol.V1;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cluster.Simulation.Wire;

/// <summary>
/// A coordinator, from one start to the next: its loop, its scheduler, its sessions and jobs are the real ones; only its services, which wait for
/// streams, are played here.
/// </summary>
internal sealed class WireCoordinator : IHostApplicationLifetime, IMeterFactory
{
    private readonly WireWorld _world;
    private readonly AgendaTime _time;
    private readonly CoordinatorOptions _options;
    private readonly CoordinatorMetrics _metrics;
    private readonly NodeRegistry _nodes = new();
    private readonly JobRegistry _jobs = new();
    private readonly SchedulerLoop _loop;
    private readonly List<(NodeSession Node, NodeConnection Connection, Pipe<NodeCommand> Commands)> _attached = [];
    private readonly List<NodeConnection> _broken = [];
    private ulong _lastOwner;

    public WireCoordinator(WireWorld world, AgendaTime time)
    {
        (_world, _time) = (world, time);
        _metrics = new CoordinatorMetrics(this);
        _options = new CoordinatorOptions { MaxItemsInFlight = world.Random.Next(3) == 0 ? world.Random.Next(1, 40) : 100_000, MaxUndeliveredBytes = 1L << 40 };
        _loop = new SchedulerLoop(_jobs, _nodes, _options, time, _metrics, this, NullLogger<SchedulerLoop>.Instance);
        _loop.Start();
    }

    /// <summary>Connections of nodes that are served.</summary>
    public int Connections => _attached.Count;

    /// <summary>Commands that nodes have not said that they have.</summary>
    public ulong Unacknowledged => _attached.Aggregate(0UL, (sum, attached) => sum + attached.Node.Unacknowledged);

    public CancellationToken ApplicationStarted => CancellationToken.None;

    public CancellationToken ApplicationStopping => CancellationToken.None;

    public CancellationToken ApplicationStopped => CancellationToken.None;

    public void StopApplication() => _world.Fail("an event failed in the scheduler's loop");

    public Meter Create(MeterOptions options) => new(options);

    public void Dispose()
    {
        // A timer of the agenda is gone at once.
        _ = _loop.DisposeAsync().AsTask();
        _metrics.Meter.Dispose();
    }

    /// <summary>A node has said hello.</summary>
    public void Attach(Hello hello, Pipe<NodeCommand> commands, PushReader<NodeMessage> messages)
    {
        NodeConnection connection = new(commands);
        if (Resume(hello, connection) is not { } node)
        {
            node = new NodeSession(_nodes.NextId(), hello, new NodeLease(_time, _options.Lease), _time.GetUtcNow());
            node.Stream = new NodeStream(node, _loop, _options.MaxItemBytes);
            if (!_nodes.TryAdd(node, out NodeSession? replaced))
            {
                messages.Break();
                commands.Cut(isLost: true);
                return;
            }

            if (replaced is not null)
            {
                _loop.Lose(replaced);
                replaced.Close(StatusCode.Aborted, "attached anew");
            }

            node.TryConnect(connection, 0, heard => Welcome(node, resumed: false, heard));
            _loop.Attach(node);
        }

        _attached.Add((node, connection, commands));
        _ = node.Stream.ReadAsync(connection, messages, CancellationToken.None);
    }

    /// <summary>A client has opened a job.</summary>
    /// <returns>Ends the call.</returns>
    public Action Run(JobSpec spec, Pipe<RunReply> replies, PushReader<RunRequest> requests)
    {
        JobSession? session = null;
        InputStore inputs = new(spec.InputFormat, spec.InputStride, new InputLimits { MaxItems = _options.MaxItemsInFlight });
        session = new JobSession(_jobs.NextId(), spec, ++_lastOwner, inputs, new JobOutbox(replies, _options.MaxUndeliveredBytes, () => _loop.OutputChanged(session!)));
        session.Outbox.Send(new RunReply
        {
            Accepted = new Accepted { JobId = session.PublicId, MaxBytesInFlight = (ulong)_options.MaxBytesInFlight, MaxItemsInFlight = (ulong)_options.MaxItemsInFlight },
        });
        _loop.Open(session);
        _ = new JobStream(session, _loop, _metrics).ReadAsync(requests, CancellationToken.None);
        return () => _loop.Abandon(session);
    }

    /// <summary>Does what the service of nodes does when a connection or a session has ended.</summary>
    public void Review()
    {
        for (int i = 0; i < _attached.Count; i++)
        {
            (NodeSession node, NodeConnection connection, Pipe<NodeCommand> commands) = _attached[i];
            if (!node.Closed.IsCompleted && !connection.Ended.IsCompleted && !connection.Outbox.Completion.IsCompleted)
            {
                continue;
            }

            connection.End(StatusCode.Unavailable, "The node's stream cannot be written to any more.");
            if (!node.Closed.IsCompleted && node.IsLatest(connection))
            {
                if (!_broken.Contains(connection))
                {
                    _broken.Add(connection);
                    node.Disconnect(connection);
                    _loop.Disconnect(node);
                }

                continue;
            }

            node.CloseUnlessSuperseded(connection, Ended.ResultOf(connection.Ended));
            _attached.RemoveAt(i--);
            commands.Cut(isLost: true);
            if (node.IsLatest(connection))
            {
                End(node);
            }
        }
    }

    private void End(NodeSession node)
    {
        Status reason = Ended.ResultOf(node.Closed);
        if (reason.StatusCode == StatusCode.InvalidArgument)
        {
            _world.Fail(reason.Detail);
        }

        _nodes.Remove(node);
        node.Stream.ForgetParts();
        _loop.Lose(node);
        _world.Seen.Add(WireOccurrence.SessionLost);
    }

    private NodeSession? Resume(Hello hello, NodeConnection connection)
    {
        if (hello.Resume is not { } resume || !_nodes.TryFind(hello.Name, resume.Session, out NodeSession? node)
            || !node.TryConnect(connection, resume.Received, heard => Welcome(node, resumed: true, heard)))
        {
            return null;
        }

        _world.Seen.Add(WireOccurrence.SessionResumed);
        _loop.Trust(node);
        return node;
    }

    private static Welcome Welcome(NodeSession node, bool resumed, ulong heard) => new() { Session = node.Token, Resumed = resumed, Received = heard };
}
