using System.Net;

namespace Cluster.Coordinator.Hosting.Access;

internal static partial class AccessLog
{
    [LoggerMessage(1800, LogLevel.Warning, "A call of {Method} from {Address} had no token, or none of this coordinator's.", EventName = "CallerUnknown")]
    public static partial void Unknown(ILogger logger, string method, IPAddress? address);

    [LoggerMessage(1801, LogLevel.Warning, "A call of {Method} by {Caller} was refused: the role is {Role}.", EventName = "CallerNotAllowed")]
    public static partial void NotAllowed(ILogger logger, string method, string caller, Role role);

    [LoggerMessage(1802, LogLevel.Warning, "A call of {Method} by {Caller} was refused: too many in a short time.", EventName = "CallerTooMany")]
    public static partial void TooMany(ILogger logger, string method, string caller);

    [LoggerMessage(1803, LogLevel.Information, "{Caller} at {Peer} stored {Files} files.", EventName = "FilesUploaded")]
    public static partial void Uploaded(ILogger logger, string caller, string peer, uint files);
}
