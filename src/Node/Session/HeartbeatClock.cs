using Cluster.Node.Telemetry;
using Cluster.Protocol.V1;

namespace Cluster.Node.Session;

/// <summary>Measures how long the coordinator takes to answer heartbeats. One thread sends, another reads answers.</summary>
/// <param name="time">Measures it.</param>
internal sealed class HeartbeatClock(TimeProvider time)
{
    private readonly Lock _gate = new();
    private ulong _sequence;
    private long _sentAt;

    /// <summary>A heartbeat goes out. Only the answer to the last one counts.</summary>
    public void Sent(ulong sequence)
    {
        lock (_gate)
        {
            (_sequence, _sentAt) = (sequence, time.GetTimestamp());
        }
    }

    /// <summary>An answer came.</summary>
    public void Answered(HeartbeatAck answer)
    {
        lock (_gate)
        {
            if (answer.Sequence == _sequence)
            {
                NodeMetrics.HeartbeatAnswered(time.GetElapsedTime(_sentAt));
            }
        }
    }
}
