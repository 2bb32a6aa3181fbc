using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;

namespace Grpc.Transport;

/// <summary>Why a call has not reached its server, as far as it can be found out.</summary>
/// <param name="Problem">What it is.</param>
/// <param name="Reason">What was seen, for people; for <see cref="ConnectProblem.Other"/> to follow "what listens there".</param>
public sealed record ConnectFailure(ConnectProblem Problem, string Reason)
{
    /// <summary>Finds out; where the exception does not tell, by a look at what listens.</summary>
    /// <param name="endpoint">Where the call went.</param>
    /// <param name="exception">How it ended.</param>
    /// <param name="timeProvider">Measures how long to wait for an answer: a second or two.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public static async Task<ConnectFailure> DiagnoseAsync(
        GrpcEndpoint endpoint, RpcException exception, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(exception);
        if (FindCause<SocketException>(exception) is { SocketErrorCode: not SocketError.ConnectionReset } socket)
        {
            return new ConnectFailure(ConnectProblem.NothingListens, socket.Message);
        }

        if (FindCause<TimeoutException>(exception) is not null)
        {
            return new ConnectFailure(ConnectProblem.NothingListens, exception.Status.Detail);
        }

        if (FindCause<UntrustedCertificateException>(exception) is { } untrusted)
        {
            return new ConnectFailure(untrusted.IsUnknownIssuer ? ConnectProblem.UntrustedIssuer : ConnectProblem.WrongCertificate, untrusted.Message);
        }

        bool secure = endpoint.Address.Scheme == Uri.UriSchemeHttps;
        AuthenticationException? handshake = FindCause<AuthenticationException>(exception);
        string seen = $"{exception.StatusCode}: {exception.Status.Detail}";

        // A call that was given up says nothing about the other end: perhaps there is none.
        bool givenUp = exception.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded;
        if (secure && handshake is null && !givenUp)
        {
            return new ConnectFailure(ConnectProblem.Other, $"answered {seen}");
        }

        PeerProbe peer = await PeerProbe.RunAsync(endpoint, timeProvider, cancellationToken).ConfigureAwait(false);
        return (secure, peer.Kind) switch
        {
            (_, PeerKind.Unreachable) => new ConnectFailure(ConnectProblem.NothingListens, peer.Description),
            (true, _) when handshake is null => new ConnectFailure(ConnectProblem.Other, $"does not answer in time ({seen})"),
            (true, PeerKind.Http2 or PeerKind.Other) => new ConnectFailure(ConnectProblem.TlsNotSpoken, $"It {peer.Description}."),
            (true, _) => new ConnectFailure(ConnectProblem.Other, $"does not complete the TLS handshake: {handshake.Message}"),
            (false, PeerKind.Tls) => new ConnectFailure(ConnectProblem.TlsWanted, seen),
            _ => new ConnectFailure(ConnectProblem.Other, $"{peer.Description} ({seen})"),
        };
    }

    /// <summary>The exception of a type that a call failed for; null: there is none.</summary>
    public static T? FindCause<T>(RpcException exception)
        where T : Exception
    {
        ArgumentNullException.ThrowIfNull(exception);
        for (Exception? cause = exception.Status.DebugException ?? exception.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is T found)
            {
                return found;
            }
        }

        return null;
    }
}
