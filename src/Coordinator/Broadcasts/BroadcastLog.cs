namespace Cluster.Coordinator.Broadcasts;

internal static partial class BroadcastLog
{
    [LoggerMessage(1900, LogLevel.Warning, "The broadcast {Sha256} is not needed any more and cannot be removed; the next sweep tries again.", EventName = "BroadcastNotRemoved")]
    public static partial void NotRemoved(ILogger logger, Exception exception, string sha256);
}
