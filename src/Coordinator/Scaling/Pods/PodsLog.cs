namespace Cluster.Coordinator.Scaling.Pods;

/// <summary>What happens between the coordinator and the Kubernetes API. Event ids 2100 to 2199.</summary>
internal static partial class PodsLog
{
    [LoggerMessage(2100, LogLevel.Warning, "Kubernetes could not be told which pods have work; when it takes nodes away it may take those. Trying again every {Period}. {Reason}", EventName = "PodCostNotTold")]
    public static partial void NotTold(ILogger logger, string reason, TimeSpan period);

    [LoggerMessage(2101, LogLevel.Debug, "There is no pod {Pod}: the node of that name is not one of this namespace's, or is going.", EventName = "PodCostNoPod")]
    public static partial void NoPod(ILogger logger, string pod);
}
