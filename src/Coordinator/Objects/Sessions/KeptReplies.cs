using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Sessions;

/// <summary>Replies to a session's changes, kept until it says that it has them: a request that comes again is answered, not done again.</summary>
internal sealed class KeptReplies
{
    private readonly Dictionary<ulong, ObjectReply> _replies = [];

    /// <summary>All numbers below this one have been acknowledged.</summary>
    public ulong Acknowledged { get; set; } = 1;

    /// <summary>How many are kept.</summary>
    public int Count => _replies.Count;

    /// <summary>By number.</summary>
    public IEnumerable<ObjectReply> InOrder => _replies.OrderBy(kept => kept.Key).Select(kept => kept.Value);

    /// <summary>Keeps a reply.</summary>
    public void Keep(ObjectReply reply) => _replies[reply.Number] = reply;

    /// <summary>What a number was answered with.</summary>
    public bool TryGet(ulong number, out ObjectReply? reply) => _replies.TryGetValue(number, out reply);

    /// <summary>Forgets what was received.</summary>
    public void Acknowledge(ulong below)
    {
        if (below <= Acknowledged)
        {
            return;
        }

        // Numbers count up, so that the span is about what is there; but it is the client that says so.
        if (below - Acknowledged > 4 * (ulong)_replies.Count)
        {
            foreach (var number in _replies.Keys.Where(number => number < below).ToList())
            {
                _replies.Remove(number);
            }
        }
        else
        {
            for (var number = Acknowledged; number < below; number++)
            {
                _replies.Remove(number);
            }
        }

        Acknowledged = below;
    }
}
