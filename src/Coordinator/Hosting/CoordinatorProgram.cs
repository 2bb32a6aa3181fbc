using System.Runtime.InteropServices;
using Cluster.Coordinator.Journal;
using Cluster.Protocol;

namespace Cluster.Coordinator.Hosting;

/// <summary>The life of the coordinator's process: start, say where it listens, wait for a reason to end.</summary>
internal static class CoordinatorProgram
{
    private const int Failed = 1;

    /// <summary>Runs until a signal, or the end of the parent process.</summary>
    /// <returns>The exit code: 0 after an orderly end, 1 when the coordinator could not start.</returns>
    public static async Task<int> RunAsync(CoordinatorOptions options, bool exitWithParent, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => End(context, ending));
        // Ctrl-C goes to the whole foreground group; a coordinator that belongs to a parent leaves the decision to it.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => End(context, exitWithParent ? null : ending));
        try
        {
            await using var host = await CoordinatorHost.StartAsync(options, cancellationToken: ending.Token);
            var line = new ReadyLine(host.Addresses, Environment.ProcessId, CoordinatorHost.Version, host.MetricsAddress);
            await Console.Out.WriteLineAsync(line.ToJson());
            await Console.Out.FlushAsync(CancellationToken.None);
            if (exitWithParent)
            {
                ParentWatch.Start(Console.OpenStandardInput(), ending.Cancel);
            }

            await host.RunUntilAsync(ending.Token);
            return 0;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or JournalDamagedException or JournalWriteException or InvalidOperationException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The coordinator could not start: {exception.Message}");
            return Failed;
        }
    }

    private static void End(PosixSignalContext context, CancellationTokenSource? ending)
    {
        context.Cancel = true;
        ending?.Cancel();
    }
}
