using System.Net.Sockets;
using System.Text;
using Grpc.Transport;

namespace Cluster.Client.Connection;

/// <summary>
/// Finds out what listens where a coordinator should: says hello in HTTP/2 and looks at the first bytes that come back. Used only to
/// explain a failure.
/// </summary>
internal static class EndpointProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // The connection preface of RFC 9113 and an empty SETTINGS frame.
    private static ReadOnlySpan<byte> Hello => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8;

    /// <summary>Looks at an address.</summary>
    /// <returns>What was found, to follow "what listens there": such as <c>speaks HTTP/1.1, not HTTP/2</c>.</returns>
    public static async Task<string> DescribeAsync(GrpcEndpoint address, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Patience, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var reply = new byte[64];
        var length = 0;
        try
        {
            using var socket = await ConnectAsync(address, either.Token).ConfigureAwait(false);
            await socket.SendAsync(Hello.ToArray(), either.Token).ConfigureAwait(false);
            length = await socket.ReceiveAsync(reply, either.Token).ConfigureAwait(false);
        }
        catch (SocketException exception)
        {
            return $"broke the connection ({exception.Message})";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "accepts connections but does not answer";
        }

        return Describe(reply.AsSpan(0, length));
    }

    /// <summary>Says what the first bytes of a reply to an HTTP/2 hello mean.</summary>
    internal static string Describe(ReadOnlySpan<byte> reply) => reply switch
    {
        [] => "closes the connection without a word",
        [_, _, _, 4, ..] => "speaks HTTP/2, but not gRPC as a coordinator does",
        [0x15 or 0x16, 3, ..] => "speaks TLS; use an https:// address",
        _ when reply.StartsWith("HTTP/"u8) => $"speaks {Text(reply, 8)} only, not HTTP/2: it is some other web server",
        _ => $"speaks something else; it answered '{Text(reply, 32)}'",
    };

    private static string Text(ReadOnlySpan<byte> reply, int most)
    {
        var text = new StringBuilder();
        foreach (var value in reply[..Math.Min(most, reply.Length)])
        {
            text.Append(value is >= 0x20 and < 0x7F ? (char)value : '.');
        }

        return text.ToString();
    }

    private static async Task<Socket> ConnectAsync(GrpcEndpoint address, CancellationToken cancellationToken)
    {
        var socket = address.SocketPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (address.SocketPath is { } path)
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await socket.ConnectAsync(address.Address.IdnHost, address.Address.Port, cancellationToken).ConfigureAwait(false);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
