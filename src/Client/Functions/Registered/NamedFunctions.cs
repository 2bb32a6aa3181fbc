using Cluster.Client.Connection;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Client.Functions;

/// <summary>Asks the coordinator what names stand for.</summary>
internal static class NamedFunctions
{
    /// <exception cref="RegisteredFunctionException">There is no such function; the message suggests others.</exception>
    /// <exception cref="RpcException">The coordinator is not there, or refuses the call.</exception>
    public static async Task<FindFunctionReply> FindAsync(ClusterConnection connection, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.Functions.FindAsync(new FindFunctionRequest { Name = name }, connection.Headers, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
        {
            throw new RegisteredFunctionException(exception.Status.Detail, name, exception);
        }
    }
}
