using System.Reflection;
using Cluster.Client.Connection;
using Cluster.Client.Functions;
using Cluster.Client.Futures;
using Cluster.Client.Processes;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
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

    internal ProcessList Processes { get; } = new();

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

    /// <summary>A client for tasks: shared objects, and nothing else.</summary>
    /// <param name="node">The socket of the worker's node.</param>
    /// <param name="calls">Makes the calls.</param>
    /// <param name="lease">How long its session outlives its connection.</param>
    internal static ClusterClient ForTasks(string node, Grpc.Core.CallInvoker calls, TimeSpan lease) =>
        new(new ClusterConnection(GrpcEndpoint.Parse($"unix:{node}"), new ClusterClientOptions(), calls) { SessionLease = lease });

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

    /// <summary>
    /// Has a node leave: it gets no new work at once, finishes what it runs within a grace, hands the rest back, and its process ends with exit code 0.
    /// Items that are handed back run elsewhere and are not charged. Items that are pinned to the node (<c>RunOnEachNodeAsync</c>) wait for its return.
    /// </summary>
    /// <param name="node">Its name.</param>
    /// <param name="grace">How long what runs there may go on, at most a day. Default (null): the node's own, 30 s unless it was started with another.</param>
    /// <param name="cancellationToken">Ends the wait; the node drains all the same.</param>
    /// <returns>Completes when the node has left.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The grace is negative.</exception>
    /// <exception cref="ClusterException">No node of that name is attached, or the coordinator did not answer.</exception>
    public Task DrainNodeAsync(string node, TimeSpan? grace = null, CancellationToken cancellationToken = default) =>
        DrainNodeAsync(node, grace, wait: true, cancellationToken);

    /// <summary>
    /// Cancels what this client still runs, and closes the connection. Futures that are not done become cancelled. Processes that are no daemons are waited for first, as at
    /// the end of a Python program.
    /// </summary>
    /// <returns>Completes when it is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        await Processes.JoinAsync().ConfigureAwait(false);
        Submissions.Dispose();
        await Connection.DisposeAsync().ConfigureAwait(false);
    }

    internal async Task DrainNodeAsync(string node, TimeSpan? grace, bool wait, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(node);
        ArgumentOutOfRangeException.ThrowIfLessThan(grace ?? TimeSpan.Zero, TimeSpan.Zero, nameof(grace));
        Connection.ThrowIfDisposed();
        var request = new DrainNodeRequest { Node = node, Grace = grace?.ToDuration(), Wait = wait };
        await CallAsync(
            () => Connection.Nodes.DrainAsync(request, Connection.Headers, cancellationToken: cancellationToken).ResponseAsync,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a call and explains what ends it.</summary>
    internal async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
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
}
