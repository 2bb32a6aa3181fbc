namespace Cluster.Client.Jobs;

/// <summary>
/// Decides how far a job may run ahead: how many items may be taken from the source, and how many bytes of inputs may be sent. Pure
/// arithmetic; the caller serializes the calls.
/// </summary>
/// <remarks>
/// <para>
/// Inputs: the coordinator bounds the items that are sent and not answered, and their bytes, counted as <see cref="Protocol.Batches.InFlightCharge"/>
/// says. One item may always fly, whatever its size.
/// </para>
/// <para>
/// Results, for lazy verbs: what was received and not consumed, and what the items in flight will bring, must fit a budget. How large
/// results are is learned as they come, so the window starts small and grows with what the reader consumes, as TCP's slow start
/// does: a reader that stops stops the source after a few items, whatever they turn out to weigh.
/// </para>
/// </remarks>
internal sealed class InFlightWindow(WindowLimits limits)
{
    // What an item costs beside its content: its place in tables here and at the coordinator.
    private const int OverheadBytes = 16;

    // Weight of the newest observation in the running mean of result sizes.
    private const double Smoothing = 0.25;

    private readonly long _mostItems = limits.MaxItems ?? (limits.ResultBudget is null ? long.MaxValue : limits.MostLazyItems);
    private long _maxBytes = limits.MaxInputBytes;
    private long _maxItems = long.MaxValue;
    private long _opened = limits.InitialLazyItems;
    private long _taken;
    private long _sentItems;
    private long _sentBytes;
    private long _unconsumedItems;
    private long _unconsumedBytes;
    private double _resultBytes;

    /// <summary>Results received and not consumed fill the budget: receiving may pause as long as the reader has something to consume.</summary>
    public bool IsFull => limits.ResultBudget is { } budget && _unconsumedBytes >= budget;

    /// <summary>How many more items may be taken from the source now.</summary>
    public long Room
    {
        get
        {
            var held = _taken + _unconsumedItems;
            var room = _mostItems - held;
            if (limits.ResultBudget is { } budget)
            {
                var expected = _unconsumedBytes + (long)(_taken * (_resultBytes + OverheadBytes));
                room = Math.Min(room, Math.Min(_opened - held, (long)((budget - expected) / (_resultBytes + OverheadBytes))));
            }

            // One item may always be on its way, or nothing would ever be learned about items larger than the budget.
            return held == 0 ? Math.Max(room, 1) : Math.Max(room, 0);
        }
    }

    /// <summary>The coordinator has said how many bytes, and how many items, may be unanswered.</summary>
    public void Accept(long maxBytes, long maxItems)
    {
        _maxBytes = Math.Min(limits.MaxInputBytes, maxBytes);
        _maxItems = maxItems;
    }

    /// <summary>The cluster has this many slots for the job: so many items at least must be able to run at once.</summary>
    public void ServeSlots(int slots) => _opened = Math.Max(_opened, Math.Min(limits.MostLazyItems, 4L * slots));

    /// <summary>Items were taken from the source.</summary>
    public void Take(long items) => _taken += items;

    /// <summary>Whether so many items, of so many bytes, may be sent now.</summary>
    public bool Fits(long items, long bytes) => _sentItems == 0 || (_sentItems + items <= _maxItems && _sentBytes + bytes <= _maxBytes);

    /// <summary>Items that were taken are sent.</summary>
    public void Send(long items, long bytes)
    {
        _sentItems += items;
        _sentBytes += bytes;
    }

    /// <summary>Another run of the job begins, in which nothing has been sent.</summary>
    public void Restart()
    {
        _sentItems = 0;
        _sentBytes = 0;
    }

    /// <summary>Items were answered.</summary>
    public void Answer(long items, long inputBytes, long resultBytes)
    {
        _taken -= items;
        _sentItems -= items;
        _sentBytes -= inputBytes;
        if (limits.ResultBudget is null || items == 0)
        {
            return;
        }

        _unconsumedItems += items;
        _unconsumedBytes += resultBytes;
        var mean = (double)resultBytes / items;

        // Up at once, down slowly: to underestimate costs memory, to overestimate costs a little time.
        _resultBytes = mean > _resultBytes ? mean : _resultBytes + (Smoothing * (mean - _resultBytes));
    }

    /// <summary>The reader is done with results.</summary>
    public void Consume(long items, long resultBytes)
    {
        _unconsumedItems -= items;
        _unconsumedBytes -= resultBytes;
        _opened = Math.Min(limits.MostLazyItems, _opened + (2 * items));
    }
}
