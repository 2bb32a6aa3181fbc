using Cluster.Coordinator.Objects.Requests;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Sharing;

/// <summary>The sessions of ad-hoc callers whose requests are answered at once.</summary>
internal sealed class AdHocSessions(ObjectLoop loop)
{
    private readonly AdHocSession _reads = new(loop, isReader: true);
    private readonly AdHocSession _changes = new(loop, isReader: false);

    /// <inheritdoc cref="AdHocSession.AskAsync"/>
    public Task<ObjectReply> AskAsync(ObjectRequest request, CancellationToken cancellationToken) =>
        (Operation.Of(request.OperationCase)?.Effect == OperationEffect.Read ? _reads : _changes).AskAsync(request, cancellationToken);
}
