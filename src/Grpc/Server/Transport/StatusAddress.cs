using System.Globalization;
using System.Net;

namespace Grpc.Transport;

/// <summary>Reads where a program is to say how it is.</summary>
public static class StatusAddress
{
    /// <summary>Reads <c>http://ADDRESS:PORT</c>: an IP address, or <c>localhost</c>, or <c>*</c> for all interfaces.</summary>
    /// <param name="text">The address.</param>
    /// <exception cref="FormatException">It is none; the message says what is.</exception>
    public static IPEndPoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        // `*` is not a host name that Uri takes; for all interfaces of both families it stands for the IPv6 wildcard.
        if (Uri.TryCreate(text.Replace("://*", "://[::]", StringComparison.Ordinal), UriKind.Absolute, out Uri? uri)
            && uri.Scheme == Uri.UriSchemeHttp
            && uri.PathAndQuery == "/")
        {
            IPAddress? address = uri.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(uri.DnsSafeHost, out IPAddress? parsed) ? parsed : null;
            if (address is not null)
            {
                return new IPEndPoint(address, uri.Port);
            }
        }

        throw new FormatException(string.Create(
            CultureInfo.InvariantCulture,
            $"'{text}' is no address for questions about the status. Give http://IP-ADDRESS:PORT (* for all interfaces); probes speak no TLS."));
    }
}
