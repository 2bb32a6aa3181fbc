namespace Cluster.Client.Jobs;

/// <summary>
/// The in-flight window of a job, shared by those who move it: the source, the writer, the receiving loop and the reader.
/// </summary>
internal sealed class JobFlow(WindowLimits limits)
{
    private readonly Lock _gate = new();
    private readonly InFlightWindow _window = new(limits);
    private readonly SentLedger _ledger = new();
    private long _maxBytes = limits.MaxInputBytes;
    private long _maxItems = long.MaxValue;

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
            _ledger.Add(batch);
            return true;
        }
    }

    /// <summary>Notes that items were answered.</summary>
    /// <returns>False if they were never sent.</returns>
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
}
