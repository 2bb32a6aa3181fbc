using Cluster.Coordinator.Dispatch;

namespace Cluster.Coordinator.Scaling.Pods;

/// <summary>Tells the Kubernetes API which pods of nodes have work, so that a ReplicaSet that is to have fewer takes those that have none. Nodes are called as their pods.</summary>
internal sealed class PodCostReporter(PodApi api, SchedulerLoop loop, TimeProvider time, ILogger<PodCostReporter> logger) : BackgroundService
{
    /// <summary>How late the API hears of it; whoever scales down waits for longer.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly PodCosts _costs = new();
    private bool _failed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            await ReportAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ReportAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var (pod, cost) in _costs.Changes(await loop.DescribeLoadAsync().WaitAsync(stoppingToken)))
            {
                if (PodApi.IsPodName(pod) && !await api.TrySetCostAsync(pod, cost, stoppingToken))
                {
                    PodsLog.NoPod(logger, pod);
                }

                _costs.Told(pod, cost);
            }

            _failed = false;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UnauthorizedAccessException
            || (exception is OperationCanceledException && !stoppingToken.IsCancellationRequested))
        {
            // The rest is told the next time. Once is enough for the log.
            if (!_failed)
            {
                PodsLog.NotTold(logger, exception.Message, Period);
            }

            _failed = true;
        }
    }
}
