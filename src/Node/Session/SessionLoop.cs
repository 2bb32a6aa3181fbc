using Cluster.Node.Code;
using Cluster.Node.Hosting;
using Cluster.Node.Workers;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Grpc.Core;
using Polly;

namespace Cluster.Node.Session;

/// <summary>Keeps the node attached: dials, serves the session, and dials again when it is lost.</summary>
internal sealed class SessionLoop(
    NodeOptions options, Nodes.NodesClient client, Metadata headers, WorkerPool pool, CodeCache code, ResiliencePipeline reconnect, TimeProvider time, ILogger logger)
{
    /// <summary>A session that held this long was a good one: after it the node dials quickly again.</summary>
    private static readonly TimeSpan GoodSession = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(1);

    private readonly Hello _hello = CreateHello(options);

    /// <summary>Runs until asked to leave.</summary>
    /// <param name="onAttached">Called for each session.</param>
    /// <param name="leave">Asks to leave.</param>
    /// <exception cref="NodeRefusedException">The coordinator does not want this node.</exception>
    public async Task RunAsync(Action onAttached, CancellationToken leave)
    {
        while (!leave.IsCancellationRequested)
        {
            await reconnect.ExecuteAsync(
                static async (state, cancellationToken) => await state.Loop.ServeOnceAsync(state.OnAttached, cancellationToken).ConfigureAwait(false),
                (Loop: this, OnAttached: onAttached),
                leave).ConfigureAwait(false);
        }
    }

    private async ValueTask ServeOnceAsync(Action onAttached, CancellationToken leave)
    {
        var session = await AttachAsync(leave).ConfigureAwait(false);
        NodeLog.Attached(logger, session.Coordinator, options.Coordinator, options.Name, options.Slots);
        onAttached();
        var begun = time.GetTimestamp();
        var work = new SessionWork(pool, code, session.Outbox, options.Name);
        try
        {
            await session.RunAsync(work, () => pool.Status, leave).ConfigureAwait(false);
        }
        catch (SessionLostException exception) when (time.GetElapsedTime(begun) >= GoodSession)
        {
            NodeLog.DiallingAgain(logger, LogLevel.Warning, options.Coordinator, exception.Message, TimeSpan.Zero, 1);
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            await session.LeaveAsync("the node was asked to end", LeaveTime).ConfigureAwait(false);
            throw;
        }
        finally
        {
            // The session first: it hands commands to the work until it has ended.
            await session.DisposeAsync().ConfigureAwait(false);
            work.Dispose();
        }
    }

    private async Task<NodeSession> AttachAsync(CancellationToken leave)
    {
        try
        {
            return await NodeSession.AttachAsync(client, _hello, headers, time, leave).ConfigureAwait(false);
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
            Version = SoftwareVersion(),
            Name = options.Name,
            Slots = (uint)options.Slots,
            Prefetch = (uint)options.Prefetch,
            Host = Environment.MachineName,
            Pid = Environment.ProcessId,
            Runtime = $".NET {Environment.Version.ToString(2)}",
        };
        hello.Labels.Add(options.Labels.ToDictionary());
        return hello;
    }

    private static string SoftwareVersion() => typeof(SessionLoop).Assembly.GetName().Version?.ToString(3) ?? "unknown";
}
