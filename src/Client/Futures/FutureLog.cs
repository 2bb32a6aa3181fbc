using Microsoft.Extensions.Logging;

namespace Cluster.Client.Futures;

internal static partial class FutureLog
{
    [LoggerMessage(1, LogLevel.Error, "A done-callback of task {TaskId} threw. The task and the other callbacks are not affected.", EventName = "FutureCallbackFailed")]
    public static partial void CallbackFailed(ILogger logger, Exception exception, string taskId);
}
