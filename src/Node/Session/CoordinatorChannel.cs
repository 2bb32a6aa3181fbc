using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Transport;

namespace Cluster.Node.Session;

/// <summary>The way to the coordinator.</summary>
internal static class CoordinatorChannel
{
    /// <exception cref="FormatException">The address is none of <c>http://…</c>, <c>https://…</c> and <c>unix:/path</c>.</exception>
    public static GrpcChannel Open(string address, GrpcTls? tls) => GrpcEndpoint.Parse(address).CreateChannel(tls: tls);

    /// <summary>What every call carries.</summary>
    public static Metadata Headers(string? token) => token is null ? [] : new Metadata { { "authorization", $"Bearer {token}" } };
}
