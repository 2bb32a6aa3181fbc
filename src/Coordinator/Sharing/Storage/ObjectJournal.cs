using Cluster.Coordinator.Journal;
using Cluster.Coordinator.Objects;
using Cluster.Coordinator.Telemetry;
using Google.Protobuf;

namespace Cluster.Coordinator.Sharing.Storage;

/// <summary>Keeps what happens to the shared objects on a disk: before it happens.</summary>
internal sealed class ObjectJournal : IAsyncDisposable
{
    private static readonly TimeSpan SyncPeriod = TimeSpan.FromSeconds(1);

    private readonly IJournalDirectory _directory;
    private readonly JournalOptions _options;
    private readonly JournalWriter _writer;
    private readonly ObjectReplay _replayed = new();
    private readonly ILogger<ObjectJournal> _logger;
    private readonly JournalMetrics? _metrics;
    private readonly CancellationTokenSource _over = new();
    private readonly ITimer? _syncing;
    private Task _compacting = Task.CompletedTask;
    private ulong _triedAt;
    private bool _refuses;

    private ObjectJournal(IJournalDirectory directory, JournalOptions options, TimeProvider time, ILogger<ObjectJournal> logger, JournalMetrics? metrics)
    {
        (_directory, _options, _logger, _metrics) = (directory, options, logger, metrics);
        _writer = new JournalRecovery(directory, options, _replayed, logger).Open(Guid.NewGuid());
        _writer.Metrics = metrics;
        metrics?.Observe(() => _writer.Bytes);
        _syncing = options.Fsync == FsyncPolicy.EverySecond ? time.CreateTimer(_ => Sync(), null, SyncPeriod, SyncPeriod) : null;
    }

    /// <summary>The objects as they are now. From here on they are the loop's.</summary>
    public ObjectMachine Machine => _replayed.Machine;

    /// <summary>Names the history.</summary>
    public string Incarnation => _replayed.Incarnation;

    /// <summary>Opens a journal, or begins one.</summary>
    /// <param name="directory">Where; disposed with the journal, or when there is none.</param>
    /// <param name="options">How it is kept.</param>
    /// <param name="incarnation">Of a new one.</param>
    /// <param name="time">Now, and when to force it to the disk.</param>
    /// <param name="logger">Told what was found.</param>
    /// <param name="metrics">Told what is written; null: nobody is.</param>
    /// <exception cref="JournalDamagedException">It is damaged.</exception>
    /// <exception cref="JournalWriteException">It cannot be written to.</exception>
    /// <exception cref="InvalidDataException">It is of another version.</exception>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    public static async Task<ObjectJournal> OpenAsync(
        IJournalDirectory directory, JournalOptions options, string incarnation, TimeProvider time, ILogger<ObjectJournal> logger, JournalMetrics? metrics = null)
    {
        ObjectJournal? journal = null;
        try
        {
            journal = new ObjectJournal(directory, options, time, logger, metrics);
            journal.Begin(incarnation, time.GetUtcNow().UtcTicks);
            return journal;
        }
        catch
        {
            await (journal?.DisposeAsync() ?? ValueTask.CompletedTask);
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Writes entries down: all of them, or none. Blocks.</summary>
    /// <exception cref="JournalWriteException">None was; they must not happen.</exception>
    public void Append(IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        try
        {
            _writer.Append(entries);
        }
        catch (JournalWriteException exception)
        {
            if (!_refuses)
            {
                _refuses = true;
                JournalLog.Refuses(_logger, exception);
            }

            throw;
        }

        if (_refuses)
        {
            _refuses = false;
            JournalLog.Accepts(_logger);
        }

        if (_compacting.IsCompleted && _writer.OpenSegment != _triedAt && _writer.ClosedBytes >= _options.CompactBytes)
        {
            _triedAt = _writer.OpenSegment;
            _compacting = Task.Run(Compact);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _compacting;
        if (_syncing is not null)
        {
            await _syncing.DisposeAsync();
        }

        Sync();
        _writer.Dispose();
        _directory.Dispose();
        _over.Dispose();
    }

    private void Begin(string incarnation, long now)
    {
        var record = _replayed.HasBegun ? EntryRecord.Of(ObjectEntry.Restarted(now)) : ObjectReplay.Begin(incarnation, new ObjectLimits());
        byte[] bytes = record.ToByteArray();
        _writer.Append([bytes]);
        _replayed.Apply(bytes);
    }

    private void Sync()
    {
        try
        {
            _writer.Sync();
        }
        catch (JournalWriteException exception)
        {
            JournalLog.NotForced(_logger, exception);
        }
    }

    private void Compact()
    {
        try
        {
            var begun = _metrics?.Now ?? 0;
            new JournalCompaction(_directory, _writer, _logger).Run(new ObjectReplay(), _over.Token);
            _metrics?.Compacted(begun);
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The next coordinator makes it.
        }
#pragma warning disable CA1031 // The journal is as good without a snapshot, only longer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            JournalLog.NotCompacted(_logger, exception);
        }
    }
}
