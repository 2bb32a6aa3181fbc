using Cluster.Client.Connection;
using Cluster.Client.Exceptions;
using Cluster.Client.Jobs;
using Grpc.Core;

namespace Cluster.Client.Detached;

/// <summary>A call about a submitted job, which waits for a coordinator that is away as jobs do. It may be made twice.</summary>
internal static class PatientCall
{
    /// <param name="connection">The connection.</param>
    /// <param name="jobId">Which job it is about; empty: none.</param>
    /// <param name="call">Makes the call.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="JobNotFoundException">There is no such job.</exception>
    /// <exception cref="ClusterException">The coordinator does not answer, or refuses.</exception>
    public static async Task<T> RunAsync<T>(ClusterConnection connection, string jobId, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        connection.ThrowIfDisposed();
        var outage = new JobOutage(connection.TimeProvider, connection.Options.ReconnectTimeout);
        try
        {
            return await connection.Redialling.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        outage.Try();
                        return await call(token).ConfigureAwait(false);
                    }
                    catch (RpcException exception) when (ConnectionBreak.Is(exception) && !token.IsCancellationRequested && !outage.IsOver)
                    {
                        throw new ConnectionBrokenException(exception);
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw outage.Attempts > 1 && ConnectionBreak.Is(exception)
                ? CallErrors.GaveUp(connection.Endpoint.Text, outage.Lasted, outage.Attempts, exception)
                : JobErrors.Explain(exception, connection.Endpoint.Text, jobId);
        }
    }
}
