using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Who called.</summary>
internal static class PeerAddress
{
    private const string CommonName = "x509_common_name";

    public static string Of(ConnectionInfo connection) => connection.RemoteIpAddress switch
    {
        null => "unix:",
        { AddressFamily: AddressFamily.InterNetworkV6 } address => $"ipv6:[{address}]:{connection.RemotePort}",
        var address => $"ipv4:{address}:{connection.RemotePort}",
    };

    public static AuthContext Authentication(ConnectionInfo connection)
    {
        if (connection.ClientCertificate is not { } certificate)
        {
            return new AuthContext(null, []);
        }

        string name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return new AuthContext(CommonName, new() { [CommonName] = [AuthProperty.Create(CommonName, Encoding.UTF8.GetBytes(name))] });
    }
}
