using Cluster.Node.Session;
using Cluster.Node.Workers;
using Cluster.Node.Workers.Dedicated;

namespace Cluster.Node.Hosting;

/// <summary>Empties the pool when the node is to leave, sees to it that the coordinator hears of it, and has the node leave then.</summary>
internal sealed class Drain(WorkerPool pool, ProcessPools processes, SessionLoop sessions, Departure departure, TimeProvider time, ILogger logger)
{
    /// <summary>From the end of the last worker to the last word about its chunks.</summary>
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(5);

    /// <summary>Waits for the node's being asked to leave, and carries that out.</summary>
    public async Task RunAsync()
    {
        await UntilAsync(Task.Delay(Timeout.InfiniteTimeSpan, time, departure.Draining), CancellationToken.None).ConfigureAwait(false);
        if (!departure.Leaving.IsCancellationRequested)
        {
            NodeLog.Draining(logger, departure.Reason, pool.Status.Running, departure.Left.TotalSeconds);
            var drained = Task.WhenAll(pool.Drain(), processes.Drain());
            sessions.SayDraining();
            await UntilAsync(drained, departure.GraceOver).ConfigureAwait(false);
            if (!drained.IsCompleted && !departure.Leaving.IsCancellationRequested)
            {
                NodeLog.GraceOver(logger, pool.Status.Running);
                pool.EndAll();
                processes.EndAll();
                await drained.WaitAsync(EndTime, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            // Where the connection is broken, results may still wait for another.
            await UntilAsync(sessions.WhenConnectedAsync(), departure.GraceOver).ConfigureAwait(false);
        }

        departure.Leave();
    }

    private static async Task UntilAsync(Task task, CancellationToken limit) =>
        await task.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
