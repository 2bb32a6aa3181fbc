using Microsoft.Extensions.Logging;

namespace Cluster.Client.Functions;

internal static partial class FunctionLog
{
    [LoggerMessage(1, LogLevel.Debug, "The code of {Program} could not be read ahead of its first function.", EventName = "CodeNotPrepared")]
    public static partial void NotPrepared(ILogger logger, Exception exception, string? program);
}
