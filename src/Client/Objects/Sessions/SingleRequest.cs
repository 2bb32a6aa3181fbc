using Cluster.Protocol.V1;

namespace Cluster.Client.Objects.Sessions;

/// <summary>A request with one reply.</summary>
internal sealed class SingleRequest(ObjectRequest request) : PendingRequest(request)
{
    private readonly TaskCompletionSource<ObjectReply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The reply, an error perhaps.</summary>
    public Task<ObjectReply> Reply => _reply.Task;

    /// <inheritdoc/>
    public override bool Answer(ObjectReply reply)
    {
        _reply.TrySetResult(reply);
        return true;
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception) => _reply.TrySetException(exception);
}
