using System.Text.Json;
using Cluster.Node.Code;
using Cluster.Node.Session;
using Cluster.Node.Telemetry;
using Cluster.Node.Workers;
using Cluster.Node.Workers.Broadcasts;
using Cluster.Node.Workers.Dedicated;
using Cluster.Node.Workers.Link;
using Cluster.Node.Workers.Memory;
using Cluster.Node.Workers.Objects;
using Cluster.Node.Workers.Processes;
using Cluster.Protocol.V1;
using Cluster.Telemetry;
using Grpc.Core;

namespace Cluster.Node.Hosting;

/// <summary>Puts the node together and runs it until it is asked to end.</summary>
internal sealed class NodeHost(NodeOptions options, WorkerCommand command, TextWriter output, TimeProvider time, Random random, StandardErrorLogger logger)
{
    private bool _announced;

    /// <summary>Runs the node.</summary>
    /// <param name="departure">Asks it to end.</param>
    /// <returns>The exit code of the process.</returns>
    public async Task<int> RunAsync(Departure departure)
    {
        using var telemetry = TelemetryExport.Start("cluster-node", options.Name, SoftwareVersion.Number, NodeMetrics.SourceName, options.MetricsListen is not null);
        var poolOptions = new WorkerPoolOptions(options.Name, options.Workers, options.Threads) { MaxTasks = options.MaxTasksPerWorker };
        using var pool = new WorkerPool(poolOptions, time);
        using var channel = CoordinatorChannel.Open(options.Coordinator, options.Tls);
        var headers = CoordinatorChannel.Headers(options.Token);
        await using var memory = SharedMemory.Open(time, logger);
        var workerCommand = command with { MemoryOwner = memory?.OwnerId, AllowsCommands = options.AllowsCommands };
        await using var relay = new ObjectRelay(new Objects.ObjectsClient(channel), headers, options.Name);
        var doors = new WorkerDoors(relay, new BroadcastDoor(BroadcastCache(channel, headers)));
        await using var supervisor = new WorkerSupervisor(pool, poolOptions, workerCommand, doors, time, logger);
        supervisor.Start();
        await using var processes = new ProcessPools(options.Name, workerCommand, doors, time, logger);
        var functions = new Functions.FunctionsClient(channel);
        var source = new CoordinatorCode((request, cancellationToken) => functions.Download(request, headers, cancellationToken: cancellationToken));
        var code = new CodeCache(options.CacheDirectory, source.ReadAsync, Downloading.Pipeline(time, random, logger), time, CachedKind.Assembly);
        var reconnect = Reconnecting.Pipeline(options.Coordinator, time, random, logger);
        using var leftovers = new Leftovers(time);
        var sessions = new SessionLoop(options, headers, pool, processes, code, leftovers, reconnect, departure, time, logger);
        await using var status = options.StatusListen is null ? null : await NodeStatus.StartAsync(options.StatusListen, sessions, departure, logger).ConfigureAwait(false);
        await using var metrics = options.MetricsListen is null ? null : await NodeStatus.StartMetricsAsync(options.MetricsListen, telemetry, sessions, departure, logger).ConfigureAwait(false);
        var limit = NodeMemory.OfThisProcess.Limit() is { } there ? options.Memory.Of(there) : (long?)null;
        var watch = limit is { } bytes
            ? new MemoryWatch(pool, MemoryWatch.Ladder(options.WorkerMemoryMiB, options.Workers, bytes), ProcessMemory.Own, time, logger)
            : null;
        using var gauges = new NodeGauges(new NodeFigures
        {
            Slots = options.Slots,
            IsAttached = () => sessions.IsConnected,
            Load = () => pool.Status,
            Workers = () => pool.Workers.Length,
            Processes = () => processes.Count,
            KeptBytes = () => sessions.KeptBytes,
            MemoryUsed = () => watch?.Used ?? 0,
            MemoryLimit = () => limit ?? 0,
            ObjectConnections = () => relay.Connections,
            ObjectWatches = () => relay.Watches,
        });
        var serving = sessions.RunAsync(() => Announce(metrics?.Address));
        var draining = new Drain(pool, processes, sessions, departure, time, logger).RunAsync();
        using var stopWatching = new CancellationTokenSource();
        // Without a watch the system does not say how much memory there is.
        var watching = watch?.RunAsync(stopWatching.Token) ?? Task.Delay(Timeout.InfiniteTimeSpan, time, stopWatching.Token);
        try
        {
            await (await Task.WhenAny(serving, supervisor.Failed, watching).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (departure.Leaving.IsCancellationRequested)
        {
            NodeLog.Leaving(logger, "asked to end");
        }
        catch (NodeRefusedException exception)
        {
            NodeLog.Refused(logger, options.Coordinator, exception.Message);
            return ExitCodes.Refused;
        }
        catch (PoolFailedException exception)
        {
            NodeLog.Failed(logger, exception.Message);
            return ExitCodes.Failure;
        }
        finally
        {
            departure.LeaveAtOnce();
            await stopWatching.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await draining.ConfigureAwait(false);
            await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ExitCodes.Success;
    }

    private CodeCache BroadcastCache(ChannelBase channel, Metadata headers)
    {
        var broadcasts = new Protocol.V1.Broadcasts.BroadcastsClient(channel);
        var source = new CoordinatorCode((request, cancellationToken) => broadcasts.Download(request, headers, cancellationToken: cancellationToken));
        return new CodeCache(Path.Combine(options.CacheDirectory, "broadcasts"), source.ReadAsync, Downloading.Pipeline(time, random, logger, mayStillCome: true), time, CachedKind.Broadcast);
    }

    /// <summary>Tells whoever started the node that it is attached: one line, once.</summary>
    /// <param name="metrics">Where it tells its metrics, if it does.</param>
    private void Announce(string? metrics)
    {
        if (_announced)
        {
            return;
        }

        _announced = true;

        // By hand: the reflection behind a serializer would delay the start for three values.
        output.WriteLine($$"""{"node":"{{JsonEncodedText.Encode(options.Name)}}","pid":{{Environment.ProcessId}},"workers":{{options.Workers}}{{(metrics is null ? "" : $",\"metrics\":\"{metrics}\"")}}}""");
        output.Flush();
    }
}
