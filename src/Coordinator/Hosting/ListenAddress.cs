using System.Net;
using Grpc.Transport;

namespace Cluster.Coordinator.Hosting;

/// <summary>An address to listen on: a TCP end point or the path of a Unix domain socket.</summary>
internal sealed record ListenAddress
{
    private const string UnixPrefix = "unix:";

    private ListenAddress(IPEndPoint? endPoint, string? socketPath, bool isSecure = false)
    {
        EndPoint = endPoint;
        SocketPath = socketPath;
        IsSecure = isSecure;
    }

    /// <summary><c>http://127.0.0.1:7070</c>.</summary>
    public static ListenAddress Default { get; } = new(new IPEndPoint(IPAddress.Loopback, 7070), null);

    /// <summary>The TCP end point; null for a socket. Port 0 stands for any free port.</summary>
    public IPEndPoint? EndPoint { get; }

    /// <summary>The path of the Unix domain socket; null for TCP.</summary>
    public string? SocketPath { get; }

    /// <summary>Whether it speaks TLS.</summary>
    public bool IsSecure { get; }

    /// <summary>Whether only processes of this machine can reach it.</summary>
    public bool IsLocal => EndPoint is null || IPAddress.IsLoopback(EndPoint.Address);

    /// <summary>Reads <c>http://ADDRESS:PORT</c> or <c>https://ADDRESS:PORT</c> (an IP address, <c>localhost</c>, or <c>*</c> for all interfaces) or <c>unix:PATH</c>.</summary>
    /// <exception cref="FormatException">It is neither; the message says what is.</exception>
    public static ListenAddress Parse(string text)
    {
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal) && text.Length > UnixPrefix.Length)
        {
            return new ListenAddress(null, Path.GetFullPath(text[UnixPrefix.Length..]));
        }

        return HttpAddress.TryParse(text, out var endPoint, out var isSecure)
            ? new ListenAddress(endPoint, null, isSecure)
            : throw new FormatException(
                $"'{text}' is no address to listen on. Give http://IP-ADDRESS:PORT or https://IP-ADDRESS:PORT (port 0: any free one; * for all interfaces) or unix:/path/to.sock.");
    }

    /// <inheritdoc/>
    public override string ToString() => SocketPath is null ? $"{(IsSecure ? Uri.UriSchemeHttps : Uri.UriSchemeHttp)}://{EndPoint}" : UnixPrefix + SocketPath;
}
