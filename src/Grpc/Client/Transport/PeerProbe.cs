using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Grpc.Transport;

/// <summary>
/// Finds out what listens where a gRPC server should: says hello in HTTP/2 and looks at the first bytes that come back, then in TLS to a peer
/// that has nothing to say to that. Used only to explain a failure.
/// </summary>
/// <param name="Kind">What was found.</param>
/// <param name="Description">
/// The same for people, to follow "what listens there": such as <c>speaks HTTP/1.1 only, not HTTP/2</c>; or why nothing does.
/// </param>
internal sealed record PeerProbe(PeerKind Kind, string Description)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // The connection preface of RFC 9113 and an empty SETTINGS frame.
    private static ReadOnlySpan<byte> Hello => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8;

    /// <summary>Looks at an address.</summary>
    public static async Task<PeerProbe> RunAsync(GrpcEndpoint address, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        PeerProbe found = await GreetAsync(address, timeProvider, cancellationToken).ConfigureAwait(false);
        return found.Kind == PeerKind.Silent && await SpeaksTlsAsync(address, timeProvider, cancellationToken).ConfigureAwait(false)
            ? new PeerProbe(PeerKind.Tls, "speaks TLS")
            : found;
    }

    /// <summary>Says what the first bytes of a reply to an HTTP/2 hello mean.</summary>
    internal static PeerProbe Read(ReadOnlySpan<byte> reply) => reply switch
    {
        [] => new(PeerKind.Silent, "closes the connection without a word"),
        [_, _, _, 4, ..] => new(PeerKind.Http2, "speaks HTTP/2 without TLS"),
        [0x15 or 0x16, 3, ..] => new(PeerKind.Tls, "speaks TLS"),
        _ when reply.StartsWith("HTTP/"u8) => new(PeerKind.Other, $"speaks {Text(reply, 8)} only, not HTTP/2: it is some other web server"),
        _ => new(PeerKind.Other, $"speaks something else; it answered '{Text(reply, 32)}'"),
    };

    private static async Task<PeerProbe> GreetAsync(GrpcEndpoint address, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Patience, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        byte[] reply = new byte[64];
        bool connected = false;
        try
        {
            using Socket socket = await address.ConnectSocketAsync(either.Token).ConfigureAwait(false);
            connected = true;
            await socket.SendAsync(Hello.ToArray(), either.Token).ConfigureAwait(false);
            int length = await socket.ReceiveAsync(reply, either.Token).ConfigureAwait(false);
            return Read(reply.AsSpan(0, length));
        }
        catch (SocketException e)
        {
            return connected ? new PeerProbe(PeerKind.Silent, $"broke the connection ({e.Message})") : new PeerProbe(PeerKind.Unreachable, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return connected
                ? new PeerProbe(PeerKind.Silent, "accepts connections but does not answer")
                : new PeerProbe(PeerKind.Unreachable, "nothing answers attempts to connect, as behind a firewall");
        }
    }

    /// <summary>Whether it shows a certificate; which one is of no interest, and none is accepted.</summary>
    private static async Task<bool> SpeaksTlsAsync(GrpcEndpoint address, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Patience, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        bool seen = false;
        try
        {
            using Socket socket = await address.ConnectSocketAsync(either.Token).ConfigureAwait(false);
            var stream = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false);
            await using var disposal = stream.ConfigureAwait(false);
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = address.Address.IdnHost,
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    seen = certificate is not null;
                    return false;
                },
            };
            await stream.AuthenticateAsClientAsync(options, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException)
        {
            // Whether a certificate was seen before says it all.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Not in time.
        }

        return seen;
    }

    private static string Text(ReadOnlySpan<byte> reply, int most)
    {
        var text = new StringBuilder();
        foreach (byte value in reply[..Math.Min(most, reply.Length)])
        {
            text.Append(value is >= 0x20 and < 0x7F ? (char)value : '.');
        }

        return text.ToString();
    }
}
