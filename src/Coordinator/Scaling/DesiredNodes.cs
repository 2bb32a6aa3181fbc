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
    private long _unanswered;

    public DesiredNodes(SchedulerLoop loop, CoordinatorMetrics metrics, TimeProvider time)
    {
        (_loop, _time) = (loop, time);
        metrics.Meter.CreateObservableUpDownCounter("cluster.nodes.desired", () => _count, "{node}", "Nodes that would do the work that there is within a minute.");
        metrics.Meter.CreateObservableUpDownCounter("cluster.items.unanswered", () => Volatile.Read(ref _unanswered), "{item}", "Items that wait or run.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        do
        {
            var load = await _loop.DescribeLoadAsync().WaitAsync(stoppingToken);
            _count = ScalingDecision.DesiredNodes(load, ScalingTerms.Default);
            Volatile.Write(ref _unanswered, load.Jobs.Sum(static job => (long)job.Items));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
