using Cluster.Protocol;

namespace Cluster.Worker.Results;

/// <summary>
/// When results are sent although their chunk goes on: early ones soon, so that the caller sees something, later ones in ever larger pieces
/// for as long as they come quickly.
/// </summary>
internal sealed class FlushPolicy
{
    private long _threshold = Limits.PreferredPayloadBytes;

    /// <summary>Whether so many bytes are a load worth sending.</summary>
    public bool IsFull(long bytes) => bytes >= _threshold;

    /// <summary>A load was sent because it was full: the next may be twice as large, up to what a frame carries well.</summary>
    public void SentFull() => _threshold = Math.Min(2 * _threshold, Limits.MaxPayloadBytes);

    /// <summary>A load was sent because time had passed: results come slowly, and small loads keep them fresh.</summary>
    public void SentByTime() => _threshold = Limits.PreferredPayloadBytes;
}
