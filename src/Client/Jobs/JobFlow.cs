using Cluster.Client.Connection;
using Cluster.Protocol.Items;

namespace Cluster.Client.Jobs;

/// <summary>
/// The in-flight window of a job, and what is in it, shared by those who move it: the source, the writer, the receiving loop and the reader.
/// </summary>
internal sealed class JobFlow(WindowLimits limits)
{
    private readonly Lock _gate = new();
    private readonly InFlightWindow _window = new(limits);
    private readonly SentLedger _ledger = new();
    private long _maxBytes = limits.MaxInputBytes;
    private long _maxItems = long.MaxValue;
    private long _flying;
    private volatile bool _isReplaying;

    /// <summary>Set when there may be more room for items.</summary>
    public AsyncSignal RoomChanged { get; } = new();

    /// <summary>Results that were not consumed fill the budget.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return _window.IsFull;
            }
        }
    }

    /// <summary>Items of earlier runs of the job go first, by <see cref="Skip"/> and <see cref="TrySendAgain"/>.</summary>
    public bool IsReplaying => _isReplaying;

    /// <summary>Every item that was ever sent is answered.</summary>
    public bool IsSettled
    {
        get
        {
            lock (_gate)
            {
                return _ledger.IsSettled;
            }
        }
    }

    /// <summary>Whether an item was sent, in whatever run, and is not answered.</summary>
    public bool IsOpen(long index)
    {
        lock (_gate)
        {
            return _ledger.IsOpen(index);
        }
    }

    /// <summary>The most bytes that one batch of several items may have.</summary>
    public long MaxBytes => Volatile.Read(ref _maxBytes);

    /// <summary>The most items that one batch may have.</summary>
    public long MaxItems => Volatile.Read(ref _maxItems);

    /// <inheritdoc cref="InFlightWindow.Accept"/>
    public void Accept(long maxBytes, long maxItems)
    {
        lock (_gate)
        {
            _window.Accept(maxBytes, maxItems);
            Volatile.Write(ref _maxBytes, Math.Min(_maxBytes, maxBytes));
            Volatile.Write(ref _maxItems, maxItems);
        }
    }

    public void ServeSlots(int slots)
    {
        lock (_gate)
        {
            _window.ServeSlots(slots);
        }

        RoomChanged.Set();
    }

    /// <summary>Reserves room for items that are about to be taken from the source.</summary>
    /// <returns>For how many: from 0 to <paramref name="wanted"/>.</returns>
    public int Reserve(int wanted)
    {
        lock (_gate)
        {
            var granted = (int)Math.Min(wanted, _window.Room);
            _window.Take(granted);
            return granted;
        }
    }

    /// <summary>Gives back room that was reserved and not used.</summary>
    public void Release(int unused)
    {
        lock (_gate)
        {
            _window.Take(-unused);
        }
    }

    /// <summary>Notes that a batch is sent, if it may be sent now.</summary>
    public bool TrySend(InputBatch batch)
    {
        lock (_gate)
        {
            if (!_window.Fits(batch.Count, batch.Charge))
            {
                return false;
            }

            _window.Send(batch.Count, batch.Charge);
            Fly_NeedsLock(batch.Count);
            _ledger.Add(batch);
            return true;
        }
    }

    /// <summary>Begins another run of the job: every item that was sent and not answered is to be sent again.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            _window.Restart();
            Fly_NeedsLock(-_flying);
            _ledger.Rewind(_maxBytes, _maxItems);
            _isReplaying = !_ledger.IsCurrent;
        }
    }

    /// <summary>The next items, where they were answered in an earlier run; otherwise none.</summary>
    public ItemRange Skip()
    {
        lock (_gate)
        {
            var skipped = _ledger.Skip();
            _isReplaying = !_ledger.IsCurrent;
            return skipped;
        }
    }

    /// <summary>Notes that the next batch of an earlier run is sent again, if it may be sent now. What is before it must have been skipped.</summary>
    public bool TrySendAgain(out InputBatch batch)
    {
        lock (_gate)
        {
            if (!_ledger.TryPeek(out batch) || !_window.Fits(batch.Count, batch.Charge))
            {
                return false;
            }

            _window.Send(batch.Count, batch.Charge);
            Fly_NeedsLock(batch.Count);
            _ledger.MoveOn();
            _isReplaying = !_ledger.IsCurrent;
            return true;
        }
    }

    /// <summary>Notes that items were answered.</summary>
    /// <returns>False if they were not sent, or were answered before.</returns>
    public bool Answer(long first, long count, long resultBytes)
    {
        lock (_gate)
        {
            var inputBytes = _ledger.Settle(first, count);
            if (inputBytes < 0)
            {
                return false;
            }

            _window.Answer(count, inputBytes, resultBytes);
            Fly_NeedsLock(-count);
            ClientMetrics.ItemsAnswered.Add(count);
        }

        RoomChanged.Set();
        return true;
    }

    /// <summary>Notes that the reader is done with results.</summary>
    public void Consume(long items, long resultBytes)
    {
        lock (_gate)
        {
            _window.Consume(items, resultBytes);
        }

        RoomChanged.Set();
    }

    /// <summary>The job is over: what is unanswered stays so.</summary>
    public void Close()
    {
        lock (_gate)
        {
            Fly_NeedsLock(-_flying);
        }
    }

    private void Fly_NeedsLock(long items)
    {
        _flying += items;
        ClientMetrics.ItemsInFlight.Add(items);
    }
}
