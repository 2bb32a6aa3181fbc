using Cluster.Node.Code;
using Cluster.Node.Hosting;
using Cluster.Node.Telemetry;
using Cluster.Node.Workers;
using Cluster.Node.Workers.Dedicated;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Polly;

namespace Cluster.Node.Session;

/// <summary>Keeps the node attached: dials, serves the session, and dials again when it is lost.</summary>
internal sealed class SessionLoop(
    NodeOptions options, Metadata headers, WorkerPool pool, ProcessPools processes, CodeCache code, Leftovers leftovers, ResiliencePipeline reconnect, Departure departure, TimeProvider time, ILogger logger)
{
    /// <summary>A session that held this long was a good one: after it the node dials quickly again.</summary>
    private static readonly TimeSpan GoodSession = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(1);

    private readonly Hello _hello = CreateHello(options);
    private volatile NodeSession? _session;

    /// <summary>Runs until asked to leave.</summary>
    /// <param name="onAttached">Called for each session.</param>
    /// <exception cref="NodeRefusedException">The coordinator does not want this node.</exception>
    public async Task RunAsync(Action onAttached)
    {
        var leave = departure.Leaving;
        try
        {
            while (!leave.IsCancellationRequested)
            {
                await reconnect.ExecuteAsync(
                    static async (state, cancellationToken) => await state.Loop.ServeOnceAsync(state.OnAttached, cancellationToken).ConfigureAwait(false),
                    (Loop: this, OnAttached: onAttached),
                    leave).ConfigureAwait(false);
            }
        }
        finally
        {
            _session?.Dispose();
        }
    }

    /// <summary>Whether there is a session with the coordinator, and a connection that it goes over.</summary>
    public bool IsConnected => _session?.IsConnected ?? false;

    /// <summary>Bytes of results that the coordinator has not acknowledged.</summary>
    public long KeptBytes => _session?.KeptBytes ?? 0;

    /// <summary>Tells the coordinator that the node is to leave, now or when it is reached again.</summary>
    public void SayDraining() => _session?.SayDraining(DescribeDraining());

    /// <summary>Completes when what was said can be heard, or nobody waits for it: there is a connection, or no session.</summary>
    public Task WhenConnectedAsync() => _session?.WhenConnectedAsync() ?? Task.CompletedTask;

    private Draining DescribeDraining() => new() { Reason = departure.Reason, Grace = departure.Left.ToDuration() };

    private async ValueTask ServeOnceAsync(Action onAttached, CancellationToken leave)
    {
        await using var attachment = await AttachAsync(leave).ConfigureAwait(false);
        var session = Join(attachment);
        onAttached();
        var begun = time.GetTimestamp();
        try
        {
            await attachment.RunAsync(session, () => pool.Status, leave).ConfigureAwait(false);
        }
        catch (SessionLostException exception) when (time.GetElapsedTime(begun) >= GoodSession)
        {
            NodeLog.DiallingAgain(logger, LogLevel.Warning, options.Coordinator, exception.Message, TimeSpan.Zero, 1);
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            await attachment.LeaveAsync("the node was asked to end", LeaveTime, departure.GraceOver).ConfigureAwait(false);
            throw;
        }
        finally
        {
            // The connection first: it hands commands to the session until it has ended.
            await attachment.DisposeAsync().ConfigureAwait(false);
            session.Disconnect();
        }
    }

    // The session that the coordinator speaks of: the last one, or a new one.
    private NodeSession Join(Attachment attachment)
    {
        if (attachment.Welcome.Resumed && _session is { } last)
        {
            if (last.TryConnect(attachment))
            {
                NodeMetrics.SessionsResumed.Add(1);
                NodeLog.Resumed(logger, attachment.Coordinator, options.Coordinator, options.Name);
                return last;
            }

            throw new SessionLostException("The session's lease ended before the coordinator took it up again.");
        }

        _session?.Dispose();
        leftovers.Listed();
        var session = new NodeSession(attachment.Welcome, options.Name, pool, processes, code, leftovers, departure, time);
        _session = session;
        if (!session.TryConnect(attachment))
        {
            throw new SessionLostException("The coordinator begins a session with messages that were not sent.");
        }

        if (departure.Draining.IsCancellationRequested)
        {
            session.SayDraining(DescribeDraining());
        }

        NodeLog.Attached(logger, attachment.Coordinator, options.Coordinator, options.Name, options.Slots);
        return session;
    }

    private async Task<Attachment> AttachAsync(CancellationToken leave)
    {
        var hello = _hello.Clone();
        hello.Resume = _session?.Resumption;
        leftovers.List(hello, _session?.FindLeftovers() ?? []);
        try
        {
            return await Attachment.AttachAsync(CoordinatorChannel.Open(options.Coordinator, options.Tls), hello, headers, time, leave).ConfigureAwait(false);
        }
        catch (SessionLostException lost) when (lost.InnerException is RpcException { Status.DebugException: not null } unreached)
        {
            // No status of the coordinator's own: the transport failed.
            throw await DialFailure.ExplainAsync(options.Coordinator, unreached, time, leave).ConfigureAwait(false);
        }
    }

    private static Hello CreateHello(NodeOptions options)
    {
        var hello = new Hello
        {
            ProtocolVersion = ProtocolVersion.Current,
            Version = SoftwareVersion.Number,
            Name = options.Name,
            Slots = (uint)options.Slots,
            Prefetch = (uint)options.Prefetch,
            Host = Environment.MachineName,
            Pid = Environment.ProcessId,
            Runtime = $".NET {Environment.Version.ToString(2)}",
            Resumable = true,
        };
        hello.Labels.Add(options.Labels.ToDictionary());
        return hello;
    }
}
