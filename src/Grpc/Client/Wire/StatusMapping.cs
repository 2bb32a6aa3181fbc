using System.Globalization;
using System.Net;
using Grpc.Core;
using Grpc.Transport;

namespace Grpc.Wire;

/// <summary>The tables of the protocol: what HTTP says, as status codes of gRPC.</summary>
internal static class StatusMapping
{
    /// <summary>The meaning of an HTTP response that carries no status of gRPC.</summary>
    public static StatusCode FromHttpStatus(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    /// <summary>The meaning of an error code of HTTP/2 (RFC 9113, section 7) that ended a stream or connection.</summary>
    public static StatusCode FromHttp2Error(long errorCode) => errorCode switch
    {
        0x7 => StatusCode.Unavailable, // REFUSED_STREAM: nothing was done, so the call may be tried again.
        0x8 => StatusCode.Cancelled, // CANCEL
        0xb => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        0xc => StatusCode.PermissionDenied, // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };

    /// <summary>The header <c>grpc-status</c>. Codes that do not exist (yet) are Unknown.</summary>
    public static Status Parse(string code, string? message)
    {
        string detail = message is null ? "" : PercentEncoding.Decode(message);
        return int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? new Status(value is >= 0 and <= 16 ? (StatusCode)value : StatusCode.Unknown, detail)
            : new Status(StatusCode.Unknown, $"The server sent the grpc-status \"{code}\", which is no number. {detail}");
    }
}
