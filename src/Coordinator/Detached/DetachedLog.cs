using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Detached;

/// <summary>What happens to detached jobs. Event ids 2000 to 2099.</summary>
internal static partial class DetachedLog
{
    [LoggerMessage(2000, LogLevel.Information, "{JobId} ({Name}) with {Items} items submitted by {Peer}.", EventName = "JobSubmitted")]
    public static partial void Submitted(ILogger logger, string jobId, string name, int items, string peer);

    [LoggerMessage(2001, LogLevel.Information, "{JobId} ended: {State}. {Reason}", EventName = "DetachedJobEnded")]
    public static partial void Ended(ILogger logger, string jobId, JobStatus state, string reason);

    [LoggerMessage(2002, LogLevel.Error, "{JobId} cannot go on, and is tried again when the coordinator is started again.", EventName = "DetachedJobBroke")]
    public static partial void Broke(ILogger logger, Exception exception, string jobId);

    [LoggerMessage(2003, LogLevel.Information, "{Jobs} detached jobs were found; {Unfinished} of them go on.", EventName = "DetachedJobsRecovered")]
    public static partial void Recovered(ILogger logger, int jobs, int unfinished);

    [LoggerMessage(2004, LogLevel.Information, "{JobId} and its results are forgotten: it ended long ago, or its room was needed.", EventName = "DetachedJobForgotten")]
    public static partial void Forgotten(ILogger logger, string jobId);

    [LoggerMessage(2005, LogLevel.Warning, "The files of {JobId} cannot be removed.", EventName = "DetachedJobNotRemoved")]
    public static partial void NotRemoved(ILogger logger, Exception exception, string jobId);

    [LoggerMessage(2006, LogLevel.Information, "{JobId} ({Name}), which belongs to a call, is cancelled by {Peer}.", EventName = "StreamCancelled")]
    public static partial void StreamCancelled(ILogger logger, string jobId, string name, string peer);

    [LoggerMessage(2007, LogLevel.Information, "The submission of {JobId} was given up before it was complete; its items are removed.", EventName = "SubmissionGivenUp")]
    public static partial void GivenUp(ILogger logger, string jobId);

    [LoggerMessage(2008, LogLevel.Debug, "The call that submits {JobId} broke after {Items} items; another may go on.", EventName = "SubmissionBroke")]
    public static partial void SubmissionBroke(ILogger logger, Exception exception, string jobId, ulong items);
}
