using System.Globalization;
using Cluster.Client.Jobs;
using Cluster.Protocol.V1;
using Microsoft.Extensions.Logging;

namespace Cluster.Client.Processes;

/// <summary>What the forms of <c>StartProcessAsync</c> have in common.</summary>
internal static class ProcessCalls
{
    public static Task<ClusterProcess> StartAsync<TItem>(
        ClusterClient cluster, Delegate function, TItem item, Arguments arguments, ProcessOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(function);
        var connection = cluster.Connection;
        connection.ThrowIfDisposed();
        var chosen = options ?? ProcessOptions.Default;
        var name = chosen.Name ?? string.Create(CultureInfo.InvariantCulture, $"Process-{cluster.Processes.NextNumber()}");
        var codec = JobRequests.InputCodec<TItem>(function, arguments);
        var tasks = new TaskOptions { Name = name, Requires = chosen.Requires, OnOutput = chosen.OnOutput, NoNodesTimeout = chosen.NoNodesTimeout };
        var request = JobRequests.ForTasks(connection, connection.Shipper.Ship(function), codec.Format, codec.Stride, arguments, tasks);
        request.Spec.Process = true;
        request.Spec.ExpectedCount = 1;
        var results = new ProcessResults();
        var stream = new JobStream(connection, request, new ArrayInputs<TItem>(codec, [item]), results, new JobFlow(WindowLimits.Eager(MapOptions.Default)));
        results.OnUnhandled = text => Say($"Process {name}:\n{text}", chosen.OnOutput, connection.Logger);
        return StartAsync(cluster, name, chosen.Daemon, stream, results, cancellationToken);
    }

    private static async Task<ClusterProcess> StartAsync(
        ClusterClient cluster, string name, bool daemon, JobStream stream, ProcessResults results, CancellationToken cancellationToken)
    {
        results.OnBroken = () => stream.Fault(new ClusterException(
            $"The connection to the coordinator broke while process {name} ran. It is ended when that is noticed, and not started again, since it may have done its work: look at what it has done, and start another.",
            isTransient: false));
        stream.Start();
        try
        {
            var (node, id) = await results.Started.WaitAsync(cancellationToken).ConfigureAwait(false);
            var process = new ClusterProcess(name, daemon, stream, results, node, id);
            cluster.Processes.Add(process);
            return process;
        }
        catch (OperationCanceledException)
        {
            stream.Cancel();
            throw;
        }
    }

    private static void Say(string text, Action<OutputLine>? onOutput, ILogger logger)
    {
        foreach (var line in text.Split('\n'))
        {
            JobEvents.Write(new OutputLine(line.TrimEnd('\r'), IsError: true, Node: "", WorkerPid: 0, Index: null), onOutput, logger);
        }
    }
}
