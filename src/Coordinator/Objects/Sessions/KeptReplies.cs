using Cluster.Coordinator.Objects.Memory;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Sessions;

/// <summary>Replies to a session's changes, kept until it says that it has them: a request that comes again is answered, not done again.</summary>
/// <param name="memory">Where they are counted.</param>
internal sealed class KeptReplies(ObjectMemory memory)
{
    private readonly Dictionary<ulong, ObjectReply> _replies = [];

    // Beyond the first that is not: a request may wait for hours while many others are answered.
    private readonly RangeSet _received = new();

    /// <summary>All numbers below this one have been acknowledged.</summary>
    public ulong Acknowledged { get; private set; } = 1;

    /// <summary>Later ones that have been, too.</summary>
    public IEnumerable<NumberRange> Received =>
        Enumerable.Range(0, _received.RangeCount).Select(i => new NumberRange { First = _received[i].First, Last = _received[i].End - 1 });

    /// <summary>How many are kept.</summary>
    public int Count => _replies.Count;

    /// <summary>What they take in memory.</summary>
    public long Bytes { get; private set; }

    /// <summary>By number.</summary>
    public IEnumerable<ObjectReply> InOrder => _replies.OrderBy(kept => kept.Key).Select(kept => kept.Value);

    /// <summary>Whether a number's reply has been received, and forgotten.</summary>
    public bool IsAcknowledged(ulong number) => number < Acknowledged || _received.Contains(number);

    /// <summary>Keeps a reply.</summary>
    public void Keep(ObjectReply reply)
    {
        Drop(reply.Number);
        _replies.Add(reply.Number, reply);
        Charge(Weight.Of(reply));
    }

    /// <summary>Forgets them all: the session has ended.</summary>
    public void Clear()
    {
        Charge(-Bytes);
        _replies.Clear();
    }

    /// <summary>What a number was answered with.</summary>
    public bool TryGet(ulong number, out ObjectReply? reply) => _replies.TryGetValue(number, out reply);

    /// <summary>Forgets what was received.</summary>
    /// <param name="below">All numbers below this one.</param>
    /// <param name="received">Later ones.</param>
    /// <param name="mostRanges">How many ranges of these may be remembered; the replies of others stay.</param>
    public void Acknowledge(ulong below, IReadOnlyList<NumberRange> received, int mostRanges)
    {
        foreach (var range in received)
        {
            if (_received.RangeCount < mostRanges)
            {
                var numbers = ItemRange.Between(Math.Max(range.First, Acknowledged), range.Last + 1);
                Forget(numbers);
                _received.Add(numbers);
            }
        }

        if (below > Acknowledged)
        {
            Forget(ItemRange.Between(Acknowledged, below));
            Acknowledged = below;
        }

        _received.Remove(ItemRange.Between(0, Acknowledged));
        while (_received.RangeCount > 0 && _received[0].First == Acknowledged)
        {
            Acknowledged = _received[0].End;
            _received.Remove(_received[0]);
        }
    }

    private void Forget(ItemRange numbers)
    {
        // Numbers count up, so that the span is about what is there; but it is the client that says so.
        if (numbers.Count > 4 * (ulong)_replies.Count)
        {
            foreach (var number in _replies.Keys.Where(number => number >= numbers.First && number < numbers.End).ToList())
            {
                Drop(number);
            }
        }
        else
        {
            for (var number = numbers.First; number < numbers.End; number++)
            {
                Drop(number);
            }
        }
    }

    private void Drop(ulong number)
    {
        if (_replies.Remove(number, out var reply))
        {
            Charge(-Weight.Of(reply));
        }
    }

    private void Charge(long bytes)
    {
        Bytes += bytes;
        memory.Used += bytes;
    }
}
