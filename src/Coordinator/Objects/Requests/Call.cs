using Cluster.Coordinator.Objects.Sessions;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Requests;

/// <summary>A request on its way to an object.</summary>
/// <param name="Session">Who asks.</param>
/// <param name="Request">What for.</param>
/// <param name="Effect">Whether that changes something.</param>
/// <param name="Timeout">How long it may wait; null: for ever.</param>
internal readonly record struct Call(ObjectSession Session, ObjectRequest Request, OperationEffect Effect, TimeSpan? Timeout)
{
    /// <summary>Whether it rather fails than waits.</summary>
    public bool IsImmediate => Timeout == TimeSpan.Zero;
}
