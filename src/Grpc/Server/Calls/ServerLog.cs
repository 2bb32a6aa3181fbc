using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Calls;

internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Error, "{Method} threw an exception that is no status.", EventName = "MethodFailed")]
    public static partial void MethodFailed(this ILogger logger, string method, Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "{Method} ended with {Status}.", EventName = "CallEnded")]
    public static partial void CallEnded(this ILogger logger, string method, string status);

    [LoggerMessage(3, LogLevel.Debug, "The deadline of {Method} passed.", EventName = "DeadlineExceeded")]
    public static partial void DeadlineExceeded(this ILogger logger, string method);

    [LoggerMessage(4, LogLevel.Warning, "The status of {Method} could not be sent.", EventName = "StatusNotSent")]
    public static partial void StatusNotSent(this ILogger logger, string method, Exception exception);
}
