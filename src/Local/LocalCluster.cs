using Cluster.Local.Processes;

namespace Cluster.Client;

/// <summary>
/// A cluster of one program: a coordinator, nodes and workers on this machine, as separate processes, which end with
/// <see cref="DisposeAsync"/> or with the program, in whatever way that ends.
/// </summary>
public sealed class LocalCluster : IAsyncDisposable
{
    private readonly ClusterProcesses _processes;
    private int _disposed;

    private LocalCluster(ClusterProcesses processes, ClusterClient client, string address)
    {
        _processes = processes;
        Client = client;
        Address = address;
    }

    /// <summary>Runs functions on the cluster. Disposed with it.</summary>
    public ClusterClient Client { get; }

    /// <summary>Where other clients reach the cluster, such as <c>http://127.0.0.1:43211</c>: the command line, grpcurl, another program.</summary>
    public string Address { get; }

    internal ClusterProcesses Processes => _processes;

    /// <summary>Starts a cluster, and waits until every node is attached.</summary>
    /// <param name="options">How large it is. Default (null): one node that uses every processor.</param>
    /// <param name="cancellationToken">Gives the start up, and ends what was started.</param>
    /// <exception cref="LocalClusterException">
    /// A process could not be started, ended before it was ready (the message has what it wrote to stderr), or was not ready within
    /// <see cref="LocalClusterOptions.StartTimeout"/>.
    /// </exception>
    public static async Task<LocalCluster> StartAsync(LocalClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= LocalClusterOptions.Default;
        var processes = await ClusterProcesses.StartAsync(options).ConfigureAwait(false);
        try
        {
            using var deadline = new CancellationTokenSource(options.StartTimeout, options.Client.TimeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
            try
            {
                var address = await processes.WaitUntilReadyAsync(either.Token).ConfigureAwait(false);
                var client = await ClusterClient.ConnectAsync(processes.SocketAddress, options.Client, either.Token).ConfigureAwait(false);
                return new LocalCluster(processes, client, address);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new LocalClusterException(
                    $"The local cluster was not ready within {options.StartTimeout.TotalSeconds:0.###} s ({nameof(LocalClusterOptions)}." +
                    $"{nameof(LocalClusterOptions.StartTimeout)}): {processes.DescribeUnready()}",
                    e);
            }
        }
        catch
        {
            await processes.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the client and every process of the cluster; work that is not finished is lost. The second time it does nothing.</summary>
    /// <returns>Completes when they are gone.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await Client.DisposeAsync().ConfigureAwait(false);
        await _processes.DisposeAsync().ConfigureAwait(false);
    }
}
