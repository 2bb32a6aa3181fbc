using Cluster.Client.Jobs;
using Cluster.Client.Processes;

namespace Cluster.Client;

/// <summary>
/// A process of its own on some node: <c>multiprocessing.Process</c>. It needs no slot of the node's pool, so that any number can wait for each other, and runs once: when
/// it dies it is not started again.
/// </summary>
public sealed class ClusterProcess
{
    private const int Terminated = -15;

    private readonly JobStream _stream;
    private readonly ProcessResults _results;

    internal ClusterProcess(string name, bool daemon, JobStream stream, ProcessResults results, string node, int id)
    {
        (Name, Daemon, _stream, _results, Node, Pid) = (name, daemon, stream, results, node, id);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Whether it ends with the client.</summary>
    public bool Daemon { get; }

    /// <summary>Name of the node that it runs on.</summary>
    public string Node { get; }

    /// <summary>Its process id there.</summary>
    public int Pid { get; }

    /// <summary>Whether it has not ended.</summary>
    public bool IsAlive => !_results.ExitCode.IsCompleted;

    /// <summary>
    /// How it ended: 0, 1 after an unhandled exception (whose stack was printed), what it gave to <see cref="Environment.Exit"/>, or the negative number of the signal that
    /// killed it. Null: it has not ended, or the connection broke and its end was not seen.
    /// </summary>
    public int? ExitCode => _results.ExitCode.IsCompletedSuccessfully ? _results.Code : null;

    internal Task Ended => _results.ExitCode;

    /// <summary>Waits until it has ended; look at <see cref="ExitCode"/> then. Its process is gone from its machine a moment later at the latest.</summary>
    /// <param name="timeout">How long to wait. Default (null): for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it has ended.</returns>
    /// <exception cref="ClusterException">The connection to the coordinator broke: it is ended then, and nobody knows how far it came.</exception>
    public async Task<bool> JoinAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        try
        {
            await _results.ExitCode.WaitAsync(timeout ?? System.Threading.Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException) when (!_results.ExitCode.IsCompleted)
        {
            return false;
        }
    }

    /// <summary>
    /// Ends it. The token of its <see cref="TaskContext"/> is cancelled first; a quarter of a second later it is killed, with the processes that it has started. Its exit
    /// code is -15.
    /// </summary>
    /// <returns>Completes when it has ended.</returns>
    public async Task TerminateAsync() => await EndAsync(Terminated).ConfigureAwait(false);

    /// <summary>The same, and its exit code is -9.</summary>
    /// <returns>Completes when it has ended.</returns>
    public async Task KillAsync() => await EndAsync(ProcessResults.Killed).ConfigureAwait(false);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} (process {Pid} on {Node})";

    private Task<int> EndAsync(int exitCode)
    {
        if (IsAlive)
        {
            _results.Requested = exitCode;
            _stream.CancelItem(0, force: true);
        }

        return _results.ExitCode;
    }
}
