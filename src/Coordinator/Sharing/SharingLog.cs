namespace Cluster.Coordinator.Sharing;

/// <summary>What the loop of the shared objects logs. Event ids 1500 to 1599.</summary>
internal static partial class SharingLog
{
    [LoggerMessage(1500, LogLevel.Critical, "The loop of the shared objects failed; the coordinator cannot go on and stops.", EventName = "ObjectLoopFailed")]
    public static partial void LoopFailed(ILogger logger, Exception exception);

    [LoggerMessage(1501, LogLevel.Debug, "Object session {SessionId} of {Name} opened.", EventName = "ObjectSessionOpened")]
    public static partial void SessionOpened(ILogger logger, ulong sessionId, string name);

    [LoggerMessage(1502, LogLevel.Information, "Object session {SessionId} is disconnected; it has {Lease} to come back.", EventName = "ObjectSessionDisconnected")]
    public static partial void SessionDisconnected(ILogger logger, ulong sessionId, TimeSpan lease);

    [LoggerMessage(1503, LogLevel.Information, "Object session {SessionId} has come back.", EventName = "ObjectSessionResumed")]
    public static partial void SessionResumed(ILogger logger, ulong sessionId);
}
