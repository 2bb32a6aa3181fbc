using System.Security.Authentication;
using Grpc.Core;
using Grpc.Transport;

namespace Cluster.Client.Connection;

/// <summary>
/// Tells a connection that broke, or a coordinator that is not there for now, from everything that a coordinator means: refusals, and the failures of
/// calls, are the same the next time.
/// </summary>
internal static class ConnectionBreak
{
    /// <summary>Whether the call may be made again. Whoever cancels on this side must not ask.</summary>
    public static bool Is(Exception exception) => exception switch
    {
        RpcException status => Is(status),
        ClusterUnavailableException unavailable => unavailable.IsTransient,
        IOException => true,
        _ => false,
    };

    private static bool Is(RpcException status) =>
        ConnectFailure.FindCause<AuthenticationException>(status) is null
        && (status.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled
            || ConnectFailure.FindCause<HttpProtocolException>(status) is not null);
}
