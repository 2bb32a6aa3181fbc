using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Sessions;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Waiting;

/// <summary>A request that waits. It is due when its time is up.</summary>
internal sealed class Waiter(ObjectSession session, ObjectRequest request, SharedObject target) : Due
{
    public ObjectSession Session { get; } = session;

    public ObjectRequest Request { get; } = request;

    /// <summary>The object that it was sent to. (It may stand in the line of another: a condition's lock.)</summary>
    public SharedObject Target { get; } = target;

    /// <summary>Whether it changes something.</summary>
    public OperationEffect Effect { get; } = Operation.Of(request.OperationCase)!.Value.Effect;

    /// <summary>Of a request with several items: how many were taken. Of one that waits for a condition: how often it had the lock.</summary>
    public uint Progress { get; set; }

    /// <summary>How many of its items were taken; for errors.</summary>
    public uint Accepted => Request.OperationCase == ObjectRequest.OperationOneofCase.QueuePut ? Progress : 0;

    /// <summary>Of one that waits for a condition: what to answer when it has the lock again.</summary>
    public WaitOutcome Outcome { get; set; }

    /// <summary>The line that it stands in.</summary>
    public WaitLine? Line { get; set; }

    /// <summary>Who is before it.</summary>
    public Waiter? Previous { get; set; }

    /// <summary>Who is after it.</summary>
    public Waiter? Following { get; set; }
}
