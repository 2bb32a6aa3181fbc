using Google.Protobuf;

namespace Cluster.Coordinator.Broadcasts;

/// <summary>Who needs which broadcast, and since when nobody does. Pure; not thread-safe.</summary>
/// <param name="grace">How long one is kept that nobody needs: its client may have lost its connection.</param>
internal sealed class BroadcastHolds(TimeSpan grace)
{
    private readonly Dictionary<ByteString, int> _holders = [];
    private readonly Dictionary<ByteString, DateTimeOffset> _free = [];

    /// <summary>One more client needs it.</summary>
    public void Hold(ByteString sha256)
    {
        _holders[sha256] = _holders.GetValueOrDefault(sha256) + 1;
        _free.Remove(sha256);
    }

    /// <summary>One client less needs it.</summary>
    public void Release(ByteString sha256, DateTimeOffset now)
    {
        if (--_holders[sha256] == 0)
        {
            _holders.Remove(sha256);
            _free[sha256] = now;
        }
    }

    /// <summary>It is there, whoever needs it.</summary>
    public void Stored(ByteString sha256, DateTimeOffset now)
    {
        if (!_holders.ContainsKey(sha256))
        {
            _free[sha256] = now;
        }
    }

    /// <summary>Takes out those that nobody has needed for the grace.</summary>
    public IReadOnlyList<ByteString> TakeExpired(DateTimeOffset now)
    {
        ByteString[] expired = [.. _free.Where(free => now - free.Value >= grace).Select(static free => free.Key)];
        foreach (var sha256 in expired)
        {
            _free.Remove(sha256);
        }

        return expired;
    }
}
