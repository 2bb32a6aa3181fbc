using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Hosting;
using Externalscaler;
using Grpc.Core;

namespace Cluster.Coordinator.Scaling;

/// <summary>KEDA's questions, answered from what the scheduler knows.</summary>
internal sealed class ExternalScalerService(SchedulerLoop loop, StreamShutdown shutdown, TimeProvider time) : ExternalScaler.ExternalScalerBase
{
    private const string Metric = "nodes";

    // How late a first job may be told of.
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    public override async Task<IsActiveResponse> IsActive(ScaledObjectRef request, ServerCallContext context) =>
        new() { Result = await IsActiveAsync(Terms(request), context.CancellationToken) };

    public override async Task StreamIsActive(ScaledObjectRef request, IServerStreamWriter<IsActiveResponse> responseStream, ServerCallContext context)
    {
        var terms = Terms(request);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        using var stopping = shutdown.Register((_, _) => _ = ended.CancelAsync());
        using var timer = new PeriodicTimer(Period, time);
        bool? told = null;
        try
        {
            do
            {
                var isActive = await IsActiveAsync(terms, ended.Token);
                if (isActive != told)
                {
                    told = isActive;
                    await responseStream.WriteAsync(new IsActiveResponse { Result = isActive }, ended.Token);
                }
            }
            while (await timer.WaitForNextTickAsync(ended.Token));
        }
        catch (OperationCanceledException) when (shutdown.HasBegun && !context.CancellationToken.IsCancellationRequested)
        {
            throw RichStatus.NotNow("The coordinator is shutting down.");
        }
    }

    public override Task<GetMetricSpecResponse> GetMetricSpec(ScaledObjectRef request, ServerCallContext context)
    {
        Terms(request);
        return Task.FromResult(new GetMetricSpecResponse { MetricSpecs = { new MetricSpec { MetricName = Metric, TargetSize = 1, TargetSizeFloat = 1 } } });
    }

    public override async Task<GetMetricsResponse> GetMetrics(GetMetricsRequest request, ServerCallContext context)
    {
        if (request.MetricName is not ("" or Metric))
        {
            throw RichStatus.BadField("metricName", $"There is no metric '{request.MetricName}' here; there is '{Metric}'.");
        }

        var load = await loop.DescribeLoadAsync().WaitAsync(context.CancellationToken);
        var nodes = ScalingDecision.DesiredNodes(load, Terms(request.ScaledObjectRef));
        return new GetMetricsResponse { MetricValues = { new MetricValue { MetricName = Metric, MetricValue_ = nodes, MetricValueFloat = nodes } } };
    }

    private async Task<bool> IsActiveAsync(ScalingTerms terms, CancellationToken cancellationToken) =>
        ScalingDecision.IsActive(await loop.DescribeLoadAsync().WaitAsync(cancellationToken), terms);

    private static ScalingTerms Terms(ScaledObjectRef? request)
    {
        try
        {
            return request is null ? ScalingTerms.Default : ScalingTerms.Parse(request.ScalerMetadata);
        }
        catch (FormatException exception)
        {
            throw RichStatus.BadField("scalerMetadata", $"The trigger's metadata cannot be followed: {exception.Message}");
        }
    }
}
