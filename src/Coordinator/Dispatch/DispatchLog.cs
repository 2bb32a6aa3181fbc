using Cluster.Coordinator.Scheduling;

namespace Cluster.Coordinator.Dispatch;

/// <summary>What the scheduler's loop logs. Event ids 1400 to 1499.</summary>
internal static partial class DispatchLog
{
    [LoggerMessage(1400, LogLevel.Critical, "The scheduler's loop failed; the coordinator cannot go on and stops.", EventName = "LoopFailed")]
    public static partial void LoopFailed(ILogger logger, Exception exception);

    [LoggerMessage(1401, LogLevel.Information, "{JobId} ({Name}) opened by {Peer}.", EventName = "JobOpened")]
    public static partial void JobOpened(ILogger logger, string jobId, string name, string peer);

    [LoggerMessage(1402, LogLevel.Information, "{JobId} ended: {Outcome}; {Received} items received, {Completed} completed, {Failed} failed. {Reason}", EventName = "JobEnded")]
    public static partial void JobEnded(ILogger logger, string jobId, JobOutcome outcome, ulong received, ulong completed, ulong failed, string reason);

    [LoggerMessage(1403, LogLevel.Warning, "Node {NodeId} has been silent for half of its lease and gets no new work.", EventName = "NodeSuspected")]
    public static partial void NodeSuspected(ILogger logger, string nodeId);

    [LoggerMessage(1404, LogLevel.Information, "Node {NodeId} has been heard of again.", EventName = "NodeTrusted")]
    public static partial void NodeTrusted(ILogger logger, string nodeId);

    [LoggerMessage(1405, LogLevel.Information, "{JobId} waits: {Reason}", EventName = "JobWaiting")]
    public static partial void JobWaiting(ILogger logger, string jobId, string? reason);

    [LoggerMessage(1406, LogLevel.Warning, "Node {NodeId} could not load the code of {JobId}: {Reason}", EventName = "CodeFailed")]
    public static partial void CodeFailed(ILogger logger, string nodeId, string jobId, string? reason);

    [LoggerMessage(1407, LogLevel.Information, "Node {NodeId} brought item {Index} of {JobId} along, and goes on with it.", EventName = "ItemAdopted")]
    public static partial void ItemAdopted(ILogger logger, string nodeId, ulong index, string jobId);
}
