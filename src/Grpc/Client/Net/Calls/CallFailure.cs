using System.Globalization;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>What an exception of the transport means for a call.</summary>
internal static class CallFailure
{
    /// <param name="exception">What was thrown.</param>
    /// <param name="address">Where the call went.</param>
    /// <param name="connectTimeout">How long its handler tries to connect; null: not known.</param>
    public static Status ToStatus(Exception exception, Uri address, TimeSpan? connectTimeout)
    {
        if (exception is RpcException rpc)
        {
            return rpc.Status;
        }

        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (e is HttpProtocolException protocol)
            {
                // A peer that answers no pings is gone, which HttpClient reports as if it had broken the protocol. Only the message tells, by naming its setting.
                bool silent = protocol.Message.Contains(nameof(SocketsHttpHandler.KeepAlivePingDelay), StringComparison.Ordinal);

                // NO_ERROR is a server that stops: it closes the connection in good order, under calls that are open.
                bool gone = silent || protocol.ErrorCode == 0;
                return new Status(
                    gone ? StatusCode.Unavailable : StatusMapping.FromHttp2Error(protocol.ErrorCode),
                    string.Create(CultureInfo.InvariantCulture, $"{address} ended the stream or the connection with HTTP/2 error code 0x{protocol.ErrorCode:x}. {protocol.Message}"),
                    exception);
            }
        }

        return exception switch
        {
            // HttpClient reports the end of its own patience as a cancellation.
            OperationCanceledException { InnerException: TimeoutException } => new Status(
                StatusCode.Unavailable,
                connectTimeout is { } limit
                    ? string.Create(CultureInfo.InvariantCulture, $"{address} could not be reached within {limit.TotalSeconds:0.###} s.")
                    : $"{address} could not be reached in time: {Explain(exception)}",
                exception),
            OperationCanceledException => new Status(StatusCode.Cancelled, "Call canceled by the client.", exception),
            // A connection that breaks before the peer has said anything tells nothing about what it speaks. HttpClient may let the socket's own exception through.
            _ when WasBroken(exception) => Lost(exception, address),
            HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError or HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError } =>
                new Status(StatusCode.Internal, $"What listens on {address} does not speak HTTP/2: {Explain(exception)}", exception),
            HttpRequestException or IOException => Lost(exception, address),
            _ => new Status(StatusCode.Internal, $"The call to {address} failed: {Explain(exception)}", exception),
        };
    }

    private static Status Lost(Exception exception, Uri address) =>
        new(StatusCode.Unavailable, $"{address} cannot be reached, or the connection was lost: {Explain(exception)}", exception);

    // Closed in order is broken too: a proxy does that whose server is not there for now.
    private static bool WasBroken(Exception? exception) =>
        exception is not null && (exception is SocketException or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } || WasBroken(exception.InnerException));

    private static string Explain(Exception exception) => exception.InnerException is { } inner && inner.Message != exception.Message
        ? $"{exception.GetType().Name}: {exception.Message} {inner.GetType().Name}: {inner.Message}"
        : $"{exception.GetType().Name}: {exception.Message}";
}
