namespace Cluster.Coordinator.Nodes;

/// <summary>A node's lease: renewed by every sign of life, suspect at half of its length, lost at its end.</summary>
internal sealed class NodeLease(TimeProvider time, TimeSpan length)
{
    private long _lastHeard = time.GetTimestamp();

    /// <summary>What was decided last.</summary>
    public LeaseState State { get; private set; }

    /// <summary>A sign of life came. May be called from any thread.</summary>
    public void Renew() => Volatile.Write(ref _lastHeard, time.GetTimestamp());

    /// <summary>Decides anew. Called by one thread at a time.</summary>
    /// <returns>True when <see cref="State"/> has changed.</returns>
    public bool Check()
    {
        var silence = time.GetElapsedTime(Volatile.Read(ref _lastHeard));
        var next = State == LeaseState.Lost || silence >= length ? LeaseState.Lost
            : silence >= length / 2 ? LeaseState.Suspect
            : LeaseState.Held;
        var changed = next != State;
        State = next;
        return changed;
    }
}
