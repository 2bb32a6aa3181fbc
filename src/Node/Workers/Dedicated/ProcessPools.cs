using System.Collections.Concurrent;
using Cluster.Node.Workers.Link;
using Cluster.Node.Workers.Processes;
using Cluster.Protocol.V1;

namespace Cluster.Node.Workers.Dedicated;

/// <summary>The processes that jobs have for themselves, beside the node's pool: each is a pool of one worker that lives as long as its job.</summary>
internal sealed class ProcessPools(string node, WorkerCommand command, WorkerDoors? doors, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ProcessPool, Task> _lives = new();
    private readonly CancellationTokenSource _over = new();

    /// <summary>How many there are.</summary>
    public int Count => _lives.Count;

    /// <summary>Opens a job that is a process: its worker is started at once.</summary>
    public PoolJob Open(OpenJob open)
    {
        var process = new ProcessPool(new WorkerPoolOptions(node, Workers: 1, Threads: 1), open, command, doors, time, logger);
        _lives[process] = LiveAsync(process);
        return process.Job;
    }

    /// <summary>The node is to leave: processes that have not begun go back.</summary>
    /// <returns>Completes when the others have ended.</returns>
    public Task Drain() => Task.WhenAll(_lives.Keys.Select(static process => process.Pool.Drain()));

    /// <summary>Ends those that are left.</summary>
    public void EndAll()
    {
        foreach (var process in _lives.Keys)
        {
            process.Pool.EndAll();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_lives.Values).ConfigureAwait(false);
        _over.Dispose();
    }

    private async Task LiveAsync(ProcessPool process)
    {
        // Not before it is listed.
        await Task.Yield();
        await process.LiveAsync(_over.Token).ConfigureAwait(false);
        _lives.TryRemove(process, out _);
    }
}
