namespace Cluster.Protocol.Sessions;

/// <summary>Counts the numbered messages that one side of a session has acted on, and says when to acknowledge them. Not safe for several threads.</summary>
public sealed class Receipts
{
    /// <summary>So many messages at most are left without an acknowledgement.</summary>
    public const int MaxMessages = 256;

    /// <summary>So many bytes of payload, roughly.</summary>
    public const long MaxBytes = 1 << 20;

    private ulong _acknowledged;
    private long _bytes;

    /// <summary>The number of the last message; 0 for none.</summary>
    public ulong Received { get; private set; }

    /// <summary>A message has been acted on.</summary>
    /// <param name="bytes">Size of its payload.</param>
    /// <returns>Whether it is time to acknowledge.</returns>
    public bool Add(long bytes)
    {
        Received++;
        _bytes += bytes;
        return _bytes >= MaxBytes || Received - _acknowledged >= MaxMessages;
    }

    /// <summary>What to acknowledge now.</summary>
    /// <returns>False: everything has been.</returns>
    public bool TryAcknowledge(out ulong received)
    {
        received = Received;
        var any = _acknowledged < Received;
        _acknowledged = Received;
        _bytes = 0;
        return any;
    }
}
