using System.Net;
using System.Net.Sockets;

namespace Cluster.TestKit.Network;

/// <summary>Finds ports of the loopback address at which nobody listens.</summary>
public static class FreePort
{
    /// <summary>One that was free a moment ago.</summary>
    public static int Find()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
