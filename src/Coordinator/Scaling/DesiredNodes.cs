using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Telemetry;

namespace Cluster.Coordinator.Scaling;

/// <summary>Keeps the number of nodes that there should be as a metric, for those who scale by metrics.</summary>
internal sealed class DesiredNodes : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly SchedulerLoop _loop;
    private readonly TimeProvider _time;
    private volatile int _count;

    public DesiredNodes(SchedulerLoop loop, CoordinatorMetrics metrics, TimeProvider time)
    {
        (_loop, _time) = (loop, time);
        metrics.Meter.CreateObservableUpDownCounter("cluster.nodes.desired", () => _count, "{node}", "Nodes that would do the work that there is within a minute.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        do
        {
            _count = ScalingDecision.DesiredNodes(await _loop.DescribeLoadAsync().WaitAsync(stoppingToken), ScalingTerms.Default);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
