namespace Cluster.Node.Session;

/// <summary>Whether the other side still lives: anything that it says renews its lease, silence for the whole of it means that it is lost.</summary>
internal sealed class Lease(TimeProvider time, TimeSpan duration)
{
    private long _lastHeard = time.GetTimestamp();

    public TimeSpan Duration => duration;

    public void Renew() => Volatile.Write(ref _lastHeard, time.GetTimestamp());

    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _lastHeard));
}
