using Microsoft.Extensions.Logging;

namespace Cluster.Client.Jobs;

internal static partial class JobLog
{
    [LoggerMessage(1, LogLevel.Error, "A handler of progress or output threw. The job is not affected.", EventName = "JobHandlerFailed")]
    public static partial void HandlerFailed(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "A write to job {JobId} failed; the status of its call tells why.", EventName = "JobWriteFailed")]
    public static partial void WriteFailed(ILogger logger, Exception exception, string jobId);

    [LoggerMessage(3, LogLevel.Debug, "Job {JobId} ended: {Reason}", EventName = "JobEnded")]
    public static partial void Ended(ILogger logger, string jobId, string reason);

    [LoggerMessage(4, LogLevel.Information, "The coordinator has lost code that was uploaded before; uploading it again.", EventName = "CodeUploadRepeated")]
    public static partial void CodeForgotten(ILogger logger);

    [LoggerMessage(5, LogLevel.Debug, "The call of job {JobId} broke after the job had ended, which is of no consequence.", EventName = "JobHungUp")]
    public static partial void HungUp(ILogger logger, Exception exception, string jobId);

    [LoggerMessage(
        6, LogLevel.Warning, "The connection of job {JobId} broke; the coordinator is dialled again for up to {Patience}: {Reason}", EventName = "JobConnectionBroken")]
    public static partial void Broken(ILogger logger, string jobId, TimeSpan patience, string reason);

    [LoggerMessage(7, LogLevel.Information, "Job {FormerJobId} goes on as {JobId}, with what was unanswered.", EventName = "JobGoesOn")]
    public static partial void GoesOn(ILogger logger, string formerJobId, string jobId);

    [LoggerMessage(8, LogLevel.Debug, "No coordinator at {Address}, attempt {Attempt}; dialling again in {Delay}: {Reason}", EventName = "CoordinatorDialledAgain")]
    public static partial void DiallingAgain(ILogger logger, string address, int attempt, TimeSpan delay, string reason);

    [LoggerMessage(9, LogLevel.Warning, "The coordinator does not keep a broadcast ({Type}): {Reason}", EventName = "BroadcastRefused")]
    public static partial void BroadcastRefused(ILogger logger, string type, string reason);
}
