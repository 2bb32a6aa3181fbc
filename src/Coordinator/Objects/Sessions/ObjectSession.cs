using Cluster.Coordinator.Objects.Dictionaries;
using Cluster.Coordinator.Objects.Memory;
using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Sessions;

/// <summary>A session with the shared objects: what it holds, and what it is owed. It is due when it is disconnected and its lease is over.</summary>
internal sealed class ObjectSession(ulong id, string token, TimeSpan lease, ObjectMemory memory) : Due
{
    public ulong Id { get; } = id;

    /// <summary>It only reads: there is no trace of it in the state.</summary>
    public bool IsReader => SessionTable.IsReader(Id);

    /// <summary>What its client knows it by.</summary>
    public string Token { get; } = token;

    /// <summary>How long it outlives its connection.</summary>
    public TimeSpan Lease { get; } = lease;

    /// <summary>Whether replies reach it.</summary>
    public bool IsConnected { get; set; } = true;

    /// <summary>What was answered and not acknowledged.</summary>
    public KeptReplies Replies { get; } = new(memory);

    /// <summary>Its requests that wait, by number.</summary>
    public Dictionary<ulong, Waiter> Waiting { get; } = [];

    /// <summary>Its watches, by number.</summary>
    public Dictionary<ulong, DictWatcher> Watches { get; } = [];

    /// <summary>How many references it has to which objects.</summary>
    public Dictionary<ulong, ulong> References { get; } = [];

    /// <summary>The objects in which it holds something that they take back when it ends.</summary>
    public HashSet<ulong> Ties { get; } = [];

    /// <summary>How many of its requests that wait change something.</summary>
    public int WaitingChanges { get; private set; }

    /// <summary>One of its requests waits.</summary>
    public void AddWaiter(Waiter waiter)
    {
        Waiting.Add(waiter.Request.Number, waiter);
        if (waiter.Effect == OperationEffect.Change)
        {
            WaitingChanges++;
            memory.Used += Weight.Of(waiter.Request);
        }
    }

    /// <summary>It does not wait any more.</summary>
    public void RemoveWaiter(Waiter waiter)
    {
        if (Waiting.Remove(waiter.Request.Number) && waiter.Effect == OperationEffect.Change)
        {
            WaitingChanges--;
            memory.Used -= Weight.Of(waiter.Request);
        }
    }

    /// <summary>For the snapshot.</summary>
    public SessionRecord SaveSession() => new()
    {
        Id = Id,
        Token = Token,
        Lease = Lease.Ticks,
        Connected = IsConnected,
        Due = Save(),
        Acknowledged = Replies.Acknowledged,
        Received = { Replies.Received },
    };
}
