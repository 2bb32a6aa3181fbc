namespace Cluster.Coordinator.Scheduling;

/// <summary>Decides how many items of a job go into a chunk, from the measured time per item.</summary>
internal sealed class ChunkSizer
{
    /// <summary>How many bytes of inputs, and of expected results, a chunk has at most.</summary>
    public const double MaxChunkBytes = 1 << 20;

    /// <summary>Work in a chunk that makes the cost of handing it over vanish and still spreads well.</summary>
    public const double TargetSeconds = 0.050;

    /// <summary>Less work than this is not worth splitting further, even when slots run dry.</summary>
    public const double WorthwhileSeconds = 0.0005;

    /// <summary>Items that take longer wait for a free slot anywhere rather than behind others on a busy node.</summary>
    public const double LongItemSeconds = 0.050;

    /// <summary>How much larger a chunk may be than the largest that came back: a measurement of few tiny items is not to be trusted with many.</summary>
    public const ulong MaxGrowth = 16;

    // Exact quotients must not lose an item to binary fractions.
    private const double RoundingError = 1e-9;

    // What an old sample counts for, each time that a new one comes.
    private const double Decay = 0.9;

    // After so many samples of warm workers, a faster one is averaged in rather than believed outright.
    private const int WarmUpSamples = 8;

    private readonly ulong? _fixedSize;
    private double _seconds;
    private double _bytes;
    private double _items;
    private int _warmSamples;
    private ulong _largest;

    /// <summary>A sizer for one job.</summary>
    /// <param name="fixedSize">Items per chunk where the caller knows better; null: adaptive.</param>
    public ChunkSizer(int? fixedSize) => _fixedSize = fixedSize is int size ? (ulong)size : null;

    /// <summary>Whether anything has been measured.</summary>
    public bool IsMeasured => _items > 0;

    /// <summary>Measured time per item; 0 while nothing is measured.</summary>
    public double SecondsPerItem => _items > 0 ? _seconds / _items : 0;

    /// <summary>Whether items may wait on a busy node: they are known to be short.</summary>
    public bool MayPrefetch => IsMeasured && SecondsPerItem <= LongItemSeconds;

    /// <summary>What a chunk will take, by what is known.</summary>
    public double EstimateSeconds(ulong items) => IsMeasured ? items * SecondsPerItem : TargetSeconds;

    /// <summary>Learns from results.</summary>
    /// <param name="items">How many items they answer.</param>
    /// <param name="seconds">Time that the worker spent on them.</param>
    /// <param name="resultBytes">Their size.</param>
    /// <param name="isProbe">They are of a chunk that went out before anything was measured, so that its worker was cold.</param>
    public void Record(ulong items, double seconds, long resultBytes, bool isProbe)
    {
        if (items == 0)
        {
            return;
        }

        // A clock that did not move says "tiny", not "free".
        seconds = Math.Max(seconds, items * 1e-9);
        _largest = Math.Max(_largest, items);
        bool isFaster = seconds / items < SecondsPerItem;
        bool isCold = isProbe && _warmSamples == 0;
        if (isProbe && !isCold)
        {
            // A straggling probe tells about compiling, not about the items.
            return;
        }

        if (!isCold)
        {
            _warmSamples++;
        }

        if (!IsMeasured || (isFaster && _warmSamples <= WarmUpSamples))
        {
            (_seconds, _items, _bytes) = (seconds, items, resultBytes);
        }
        else if (!isCold)
        {
            _seconds = (_seconds * Decay) + seconds;
            _items = (_items * Decay) + items;
            _bytes = (_bytes * Decay) + resultBytes;
        }
    }

    /// <summary>How many items the next chunk may have at most, inputs' bytes aside; at least 1.</summary>
    /// <param name="remaining">Items that still have to go out, as far as known.</param>
    /// <param name="shares">Into how many chunks to split these.</param>
    public ulong NextSize(ulong remaining, ulong shares)
    {
        if (_fixedSize is ulong size)
        {
            return size;
        }

        if (!IsMeasured)
        {
            return 1;
        }

        double byTime = TargetSeconds / SecondsPerItem;
        double byShare = Math.Max(Math.Ceiling((double)remaining / Math.Max(1, shares)), WorthwhileSeconds / SecondsPerItem);
        double byResults = _bytes > 0 ? MaxChunkBytes * _items / _bytes : double.MaxValue;
        double chosen = Math.Min(Math.Min(byTime, byShare), Math.Min(byResults, MaxGrowth * _largest));
        return (ulong)(Math.Clamp(chosen, 1, uint.MaxValue) * (1 + RoundingError));
    }
}
