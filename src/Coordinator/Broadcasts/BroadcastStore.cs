using Cluster.Coordinator.Functions;
using Google.Protobuf;

namespace Cluster.Coordinator.Broadcasts;

/// <summary>Values on their way to nodes: files, as long as a client needs them and a minute longer. What an earlier run left is not used.</summary>
internal sealed class BroadcastStore : IDisposable
{
    /// <summary>A client that lost its connection has given up by then.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly BroadcastHolds _holds = new(Grace);
    private readonly TimeProvider _time;
    private readonly ILogger<BroadcastStore> _logger;
    private readonly ITimer _sweeps;

    public BroadcastStore(string directory, long maxBytes, TimeProvider time, ILogger<BroadcastStore> logger)
    {
        (_time, _logger) = (time, logger);
        if (Directory.Exists(directory))
        {
            // Clients that are still there send again what they need.
            Directory.Delete(directory, recursive: true);
        }

        Files = new CodeStore(new CodeStoreOptions
        {
            Directory = directory,
            MaxFileBytes = maxBytes,
            MaxTotalBytes = maxBytes,
            Suffix = ".value",
            Name = "store of broadcasts",
            Remedy = "Dispose broadcasts that are not needed any more (they go a minute later), or raise the coordinator's --max-broadcast-mib.",
        });
        _sweeps = time.CreateTimer(static store => ((BroadcastStore)store!).Sweep(), this, SweepPeriod, SweepPeriod);
    }

    /// <summary>The files.</summary>
    public CodeStore Files { get; }

    /// <summary>A client needs a value, whether it is there or not.</summary>
    public void Hold(ByteString sha256)
    {
        lock (_gate)
        {
            _holds.Hold(sha256);
        }
    }

    /// <summary>A client needs a value no more.</summary>
    public void Release(ByteString sha256)
    {
        lock (_gate)
        {
            _holds.Release(sha256, _time.GetUtcNow());
        }
    }

    /// <summary>A value has come.</summary>
    public void Stored(ByteString sha256)
    {
        lock (_gate)
        {
            _holds.Stored(sha256, _time.GetUtcNow());
        }
    }

    public void Dispose() => _sweeps.Dispose();

    private void Sweep()
    {
        // Within the lock: who holds one from now on finds it missing.
        lock (_gate)
        {
            foreach (var sha256 in _holds.TakeExpired(_time.GetUtcNow()))
            {
                try
                {
                    Files.Remove(sha256.Span);
                }
                catch (IOException exception)
                {
                    BroadcastLog.NotRemoved(_logger, exception, Convert.ToHexStringLower(sha256.Span));
                    _holds.Stored(sha256, _time.GetUtcNow());
                }
            }
        }
    }
}
