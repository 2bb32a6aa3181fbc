using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>
/// The slot time that owners get, as the coordinator sees it, divided by the weight of their jobs; and whether owners that all have items waiting, for the
/// same nodes, get as much of it.
/// </summary>
/// <remarks>
/// What the scheduler charges for a chunk differs from what it takes in the end by the longest chunk at most, and no more chunks are out than nodes have
/// credit. So the scheduler's own clocks of two owners that both wait are never further apart than by the chunk that went out last and what those
/// that are out are charged wrongly; and the slot time differs from the clocks by as much again. Both at the beginning of the time that
/// is looked at and at its end: four times the credit, and twice the last chunk.
/// </remarks>
internal sealed class FairnessBook(VirtualClock clock)
{
    // What a chunk is charged at least in advance, and beyond the time that it has run when that is longer.
    private const double Margin = 2 * ChunkSizer.TargetSeconds;

    private readonly Dictionary<ulong, double> _settled = [];
    private readonly Dictionary<ulong, double> _used = [];
    private readonly Dictionary<(ulong, ulong), (double First, double Second)> _since = [];
    private double _longest = Margin;
    private double _leastWeight = 1;
    private int _credit;
    private int _mostCredit;

    /// <summary>So much slot time went to owners that all had items waiting that one of them must have been seen to get too little, had it got none.</summary>
    public bool HasTold { get; private set; }

    /// <summary>A node has come.</summary>
    public void Attach(NodeTerms node)
    {
        _credit += CreditOf(node);
        _mostCredit = Math.Max(_mostCredit, _credit);
    }

    /// <summary>A node has gone.</summary>
    public void Detach(NodeTerms node) => _credit -= CreditOf(node);

    /// <summary>A chunk is back.</summary>
    public void Settle(ChunkBook chunk, TimeSpan? elapsed) => Add(_settled, chunk, elapsed ?? Running(chunk));

    /// <summary>The coordinator has started again, and knows of no past.</summary>
    public void Forget()
    {
        _since.Clear();
        _credit = 0;
    }

    /// <summary>Compares owners.</summary>
    /// <returns>What is wrong; null: nothing.</returns>
    public string? Check(IEnumerable<JobBook> jobs, IEnumerable<ChunkBook> chunks)
    {
        _used.Clear();
        foreach ((ulong owner, double seconds) in _settled)
        {
            _used[owner] = seconds;
        }

        foreach (ChunkBook chunk in chunks)
        {
            Add(_used, chunk, Running(chunk));
        }

        HashSet<ulong> waiting = [.. jobs.Where(job => !job.HasEnded && !job.IsBlocked && job.Plan.IsContending && job.Pending > 0).Select(job => job.Plan.Terms.Owner)];
        foreach ((ulong first, ulong second) in _since.Keys.Where(pair => !waiting.Contains(pair.Item1) || !waiting.Contains(pair.Item2)).ToArray())
        {
            _since.Remove((first, second));
        }

        return waiting.SelectMany(first => waiting.Where(second => first < second).Select(second => Compare(first, second))).FirstOrDefault(wrong => wrong is not null);
    }

    // With what it may have in hand when it attaches.
    private static int CreditOf(NodeTerms node) => (2 * node.Slots) + node.Prefetch;

    private string? Compare(ulong first, ulong second)
    {
        (double one, double other) = (_used.GetValueOrDefault(first), _used.GetValueOrDefault(second));
        if (!_since.TryGetValue((first, second), out (double First, double Second) since))
        {
            _since.Add((first, second), (one, other));
            return null;
        }

        (one, other) = (one - since.First, other - since.Second);
        double bound = ((4 * _mostCredit) + 2) * _longest / _leastWeight;
        HasTold |= one + other > 2 * bound;
        return Math.Abs(one - other) <= bound
            ? null
            : $"while both had items waiting, owner {first} got {one:0.00} weighted slot seconds and owner {second} {other:0.00}; they may differ by {bound:0.00}";
    }

    private TimeSpan Running(ChunkBook chunk) => chunk.StartedAt is TimeSpan start ? clock.Now - start : TimeSpan.Zero;

    private void Add(Dictionary<ulong, double> used, ChunkBook chunk, TimeSpan elapsed)
    {
        JobTerms terms = chunk.Job.Plan.Terms;
        double weight = Math.Pow(2, terms.Priority);
        _leastWeight = Math.Min(_leastWeight, weight);
        _longest = Math.Max(_longest, elapsed.TotalSeconds + Margin);
        used[terms.Owner] = used.GetValueOrDefault(terms.Owner) + (elapsed.TotalSeconds / weight);
    }
}
