using System.Net.Sockets;
using Cluster.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Cluster.TestKit.Coordinator;

/// <summary>Connections to a coordinator as clients and nodes have them.</summary>
public static class TestChannel
{
    /// <summary>Connects to <c>http://…</c> or <c>unix:…</c>.</summary>
    public static GrpcChannel Open(string address)
    {
        if (!address.StartsWith("unix:", StringComparison.Ordinal))
        {
            return GrpcChannel.ForAddress(address);
        }

        var endPoint = new UnixDomainSocketEndPoint(address["unix:".Length..]);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(endPoint, cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        return GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = handler });
    }

    /// <summary>Makes a call that changes nothing.</summary>
    public static async Task PingAsync(GrpcChannel channel, CancellationToken cancellationToken) =>
        await new Nodes.NodesClient(channel).ListAsync(new ListNodesRequest(), cancellationToken: cancellationToken);

    /// <summary>The metadata that carries a token; null: none.</summary>
    public static Metadata? Headers(string? token) => token is null ? null : new Metadata { { "authorization", $"Bearer {token}" } };
}
