using Cluster.Client.Connection;
using Cluster.Protocol.Items;
using Cluster.Protocol.V1;

namespace Cluster.Client.Objects.Sessions;

/// <summary>
/// The requests of a session that have no reply yet: numbers them, says which are to be sent, and after a break which are to be sent again. Pure; the
/// caller serializes the calls.
/// </summary>
internal sealed class RequestLedger
{
    // A request that is larger goes alone.
    private const int BatchBytes = 512 << 10;

    // Replies that the coordinator may have to keep before it is told that they have come.
    private const ulong AcknowledgeEvery = 1024;
    private const long AcknowledgeBytes = 1 << 20;

    private readonly Dictionary<ulong, PendingRequest> _open = [];

    // Beyond the floor: a request may wait for hours while many others are answered. What the coordinator has been told is taken out.
    private readonly RangeSet _received = new();
    private Queue<PendingRequest> _toSend = new();
    private ulong _acknowledged = 1;
    private long _unacknowledgedBytes;
    private ulong _last;
    private int _counted;

    /// <summary>All replies to requests with numbers below this have been received.</summary>
    public ulong Floor { get; private set; } = 1;

    /// <summary>How many replies have been received of which the coordinator has not been told.</summary>
    public ulong Unacknowledged => Floor - _acknowledged + _received.Count;

    /// <summary>Whether the coordinator should be told: it keeps them until then.</summary>
    public bool IsAcknowledgementDue => Unacknowledged >= AcknowledgeEvery || (_unacknowledgedBytes >= AcknowledgeBytes && Unacknowledged > 0);

    /// <summary>How many have no reply yet.</summary>
    public int Count => _open.Count;

    /// <summary>Whether there is something to send.</summary>
    public bool HasToSend => _toSend.TryPeek(out var next) && next.IsReady;

    /// <summary>Adds a request behind the others.</summary>
    public void Add(PendingRequest request)
    {
        request.Request.Number = ++_last;
        _open.Add(_last, request);
        _toSend.Enqueue(request);
        Measure();
    }

    /// <summary>Takes the next requests to send together.</summary>
    /// <param name="requests">Receives them.</param>
    public void Take(ICollection<ObjectRequest> requests)
    {
        for (long bytes = 0; _toSend.TryPeek(out var next) && next.IsReady && (bytes == 0 || bytes + next.Bytes <= BatchBytes);)
        {
            bytes += next.Bytes;
            requests.Add(_toSend.Dequeue().Request);
        }
    }

    /// <summary>A reply has come.</summary>
    public void Weigh(ObjectReply reply) => _unacknowledgedBytes += reply.ResultCase switch
    {
        // Those of changes that bring values along; what only reads is not kept.
        ObjectReply.ResultOneofCase.QueueItems or ObjectReply.ResultOneofCase.Value or ObjectReply.ResultOneofCase.DictEntry or ObjectReply.ResultOneofCase.DictGetOrAdd => reply.CalculateSize(),
        _ => 0,
    };

    /// <summary>Says in a message what was received.</summary>
    /// <param name="message">The message.</param>
    /// <param name="beyond">What is beyond the floor, too.</param>
    public void Acknowledge(ObjectRequests message, bool beyond)
    {
        message.Acknowledged = _acknowledged = Floor;
        _unacknowledgedBytes = 0;
        if (beyond)
        {
            for (var i = 0; i < _received.RangeCount; i++)
            {
                message.Received.Add(new NumberRange { First = _received[i].First, Last = _received[i].End - 1 });
            }

            _received.Clear();
        }
    }

    /// <summary>Finds the request that a reply is for.</summary>
    public PendingRequest? Find(ulong number) => _open.GetValueOrDefault(number);

    /// <summary>The last reply to a request has come.</summary>
    public void Settle(PendingRequest request)
    {
        if (Find(request.Request.Number) != request)
        {
            // It is of an earlier session.
            return;
        }

        _open.Remove(request.Request.Number);
        Measure();
        _received.Add(new ItemRange(request.Request.Number, 1));

        // A watch may last for ever, and nothing is kept for it: what was done after it began can be forgotten all the same.
        while (Floor <= _last && (!_open.TryGetValue(Floor, out var first) || first.IsStanding))
        {
            Floor++;
        }

        _received.Remove(ItemRange.Between(0, Floor));
    }

    /// <summary>Requests that were not sent will not be.</summary>
    public void Drop(IReadOnlyCollection<PendingRequest> requests)
    {
        _toSend = new Queue<PendingRequest>(_toSend.Except(requests));
        foreach (var request in requests)
        {
            Settle(request);
        }
    }

    /// <summary>
    /// Another connection begins: all that have no reply are to be sent again, in their order. Watches go first: what a change brings about is told before the
    /// change is answered, after a break too.
    /// </summary>
    public void Rewind()
    {
        var unsent = _toSend.ToHashSet();
        var watches = _open.Values.Where(request => request.IsWatch && !unsent.Contains(request)).OrderBy(static request => request.Request.Number).ToArray();
        foreach (var watch in watches)
        {
            _open.Remove(watch.Request.Number);
        }

        var rest = _open.OrderBy(static entry => entry.Key).Select(static entry => entry.Value).ToArray();
        var wanted = watches.Where(static watch => watch.IsWanted).ToArray();
        foreach (var watch in wanted)
        {
            // The old number may have been acknowledged, and what still comes under it has nothing to do with the new beginning.
            watch.Request.Number = ++_last;
            _open.Add(_last, watch);
        }

        foreach (var request in wanted.Concat(rest.Except(unsent)))
        {
            request.SentAgain();
        }

        _toSend = new Queue<PendingRequest>(wanted.Concat(rest));
        Measure();
        RewindReceived();
    }

    /// <summary>The session is over: another begins with number 1.</summary>
    /// <returns>Those that will get no reply.</returns>
    public IReadOnlyList<PendingRequest> Clear()
    {
        PendingRequest[] lost = [.. _open.Values];
        _open.Clear();
        Measure();
        _toSend.Clear();
        _received.Clear();
        (_last, _acknowledged, Floor) = (0, 1, 1);
        return lost;
    }

    private void Measure()
    {
        ClientMetrics.RequestsInFlight.Add(_open.Count - _counted);
        _counted = _open.Count;
    }

    // What was acknowledged may not have come.
    private void RewindReceived()
    {
        _acknowledged = 1;
        _received.Clear();
        var next = Floor;
        foreach (var open in _open.Keys.Where(number => number >= Floor).Order())
        {
            _received.Add(ItemRange.Between(next, open));
            next = open + 1;
        }

        _received.Add(ItemRange.Between(next, _last + 1));
    }
}
