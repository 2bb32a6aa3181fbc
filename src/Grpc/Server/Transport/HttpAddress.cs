using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Grpc.Transport;

/// <summary>Reads where a program is to listen.</summary>
public static class HttpAddress
{
    /// <summary>Reads <c>http://ADDRESS:PORT</c> or <c>https://ADDRESS:PORT</c>: an IP address, or <c>localhost</c>, or <c>*</c> for all interfaces.</summary>
    /// <param name="text">The address.</param>
    /// <param name="endPoint">Where it is.</param>
    /// <param name="isSecure">Whether it is <c>https</c>.</param>
    /// <returns>Whether it is such an address.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPEndPoint? endPoint, out bool isSecure)
    {
        ArgumentNullException.ThrowIfNull(text);

        // `*` is not a host name that Uri takes; for all interfaces of both families it stands for the IPv6 wildcard.
        if (!Uri.TryCreate(text.Replace("://*", "://[::]", StringComparison.Ordinal), UriKind.Absolute, out Uri? uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.PathAndQuery != "/"
            || (uri.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(uri.DnsSafeHost, out IPAddress? parsed) ? parsed : null) is not { } address)
        {
            (endPoint, isSecure) = (null, false);
            return false;
        }

        (endPoint, isSecure) = (new IPEndPoint(address, uri.Port), uri.Scheme == Uri.UriSchemeHttps);
        return true;
    }

    /// <summary>Reads where a program is to say how it is, to those who speak no TLS: <c>http://ADDRESS:PORT</c>.</summary>
    /// <param name="text">The address.</param>
    /// <exception cref="FormatException">It is none; the message says what is.</exception>
    public static IPEndPoint ParseStatus(string text) => TryParse(text, out IPEndPoint? endPoint, out bool isSecure) && !isSecure
        ? endPoint
        : throw new FormatException($"'{text}' is no address for questions about the status. Give http://IP-ADDRESS:PORT (* for all interfaces); probes speak no TLS.");
}
