using System.Reflection;
using Cluster.Client.Connection;
using Cluster.Client.Functions;
using Cluster.Client.Futures;
using Cluster.Protocol.V1;
using Grpc.Transport;

namespace Cluster.Client;

/// <summary>
/// A connection to a cluster: what <c>multiprocessing.Pool</c> and <c>concurrent.futures</c>'s executors are in Python. The verbs (<c>MapAsync</c>,
/// <c>Submit</c>, …) are extension methods in this namespace. Thread-safe; make one and share it.
/// </summary>
public sealed class ClusterClient : IAsyncDisposable
{
    private ClusterClient(ClusterConnection connection)
    {
        Connection = connection;
        Submissions = new SubmissionStreams(connection);
    }

    /// <summary>The address of the coordinator, as it was given to <see cref="ConnectAsync"/>.</summary>
    public string Address => Connection.Endpoint.Text;

    internal ClusterConnection Connection { get; }

    internal SubmissionStreams Submissions { get; }

    /// <summary>Connects to a coordinator, dialling until it is there.</summary>
    /// <param name="address"><c>http://host:port</c>, <c>https://host:port</c> or <c>unix:/path/to.sock</c>.</param>
    /// <param name="options">How to connect; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>A client; dispose it to cancel what it still runs and to close the connection.</returns>
    /// <exception cref="ArgumentException"><paramref name="address"/> is none.</exception>
    /// <exception cref="ClusterUnavailableException">
    /// There is no coordinator, or none that speaks this client's protocol or takes its token; the message says what was found.
    /// </exception>
    public static async Task<ClusterClient> ConnectAsync(string address, ClusterClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        var connection = new ClusterConnection(ParseAddress(address), options ?? new ClusterClientOptions());

        // The first call would pay for it otherwise. Never fails, and nobody waits for it.
        _ = ProgramCode.PrepareAsync(Assembly.GetEntryAssembly(), connection.Logger);
        try
        {
            await new Handshake(connection).RunAsync(cancellationToken).ConfigureAwait(false);
            return new ClusterClient(connection);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Lists the nodes that are attached.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The nodes, by name.</returns>
    /// <exception cref="ClusterException">The coordinator did not answer.</exception>
    public async Task<IReadOnlyList<ClusterNode>> NodesAsync(CancellationToken cancellationToken = default)
    {
        Connection.ThrowIfDisposed();
        var reply = await CallAsync(
            () => Connection.Nodes.ListAsync(new ListNodesRequest(), Connection.Headers, cancellationToken: cancellationToken).ResponseAsync,
            cancellationToken).ConfigureAwait(false);
        return [.. reply.Nodes.Select(ClusterNode.From).OrderBy(node => node.Name, StringComparer.Ordinal)];
    }

    /// <summary>Cancels what this client still runs, and closes the connection. Futures that are not done become cancelled.</summary>
    /// <returns>Completes when it is closed.</returns>
    public ValueTask DisposeAsync()
    {
        Submissions.Dispose();
        return Connection.DisposeAsync();
    }

    private static GrpcEndpoint ParseAddress(string address)
    {
        try
        {
            return GrpcEndpoint.Parse(address);
        }
        catch (FormatException exception)
        {
            throw new ArgumentException(exception.Message, nameof(address), exception);
        }
    }

    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Grpc.Core.RpcException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Exceptions.CallErrors.Explain(exception, Address);
        }
    }
}
