using Cluster.Protocol.Memory;

namespace Cluster.Node.Workers.Memory;

/// <summary>Owns the shared memory that tasks of this node make, and removes what others have left on the machine.</summary>
internal sealed class SharedMemory : IAsyncDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(10);

    private readonly SegmentFolder _folder;
    private readonly SegmentOwner _owner;
    private readonly ILogger _logger;
    private readonly PeriodicTimer _timer;
    private readonly Task _sweeping;

    private SharedMemory(SegmentFolder folder, TimeProvider time, ILogger logger)
    {
        (_folder, _logger) = (folder, logger);
        _owner = SegmentOwner.Register(folder);
        _timer = new PeriodicTimer(SweepPeriod, time);
        // Elsewhere: the node need not wait with its start until the first sweep is over.
        _sweeping = Task.Run(SweepAsync);
    }

    /// <summary>Tells workers whose their shared memory is.</summary>
    public string OwnerId => _owner.Id;

    /// <returns>Null: there is none on this machine.</returns>
    public static SharedMemory? Open(TimeProvider time, ILogger logger)
    {
        try
        {
            return new SharedMemory(SegmentFolder.Open(), time, logger);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NodeLog.NoSharedMemory(logger, exception.Message);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _sweeping.ConfigureAwait(false);
        _owner.Dispose();
    }

    private async Task SweepAsync()
    {
        do
        {
            try
            {
                if (_folder.Sweep() is > 0 and var count)
                {
                    NodeLog.SharedMemoryRemoved(_logger, count);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                NodeLog.SharedMemoryNotSwept(_logger, exception.Message);
            }
        }
        while (await _timer.WaitForNextTickAsync().ConfigureAwait(false));
    }
}
