using Cluster.Protocol.V1;

namespace Cluster.Client.Objects.Sessions;

/// <summary>A request with one reply.</summary>
internal sealed class SingleRequest(ObjectRequest request) : PendingRequest(request)
{
    private readonly TaskCompletionSource<ObjectReply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The reply, an error perhaps.</summary>
    public Task<ObjectReply> Reply => _reply.Task;

    /// <summary>Waits for the reply. A request that is cancelled is asked back; whether it had its effect before, its reply tells.</summary>
    /// <exception cref="ClusterException">The coordinator is out of reach, or refused.</exception>
    /// <exception cref="OperationCanceledException">The request was cancelled before it had an effect.</exception>
    public async Task<ObjectReply> WaitAsync(ObjectSession session, CancellationToken cancellationToken)
    {
        if (!Reply.IsCompleted && cancellationToken.CanBeCanceled)
        {
            await ((Task)Reply).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!Reply.IsCompleted)
            {
                session.Cancel(this);
            }
        }

        var answer = await Reply.ConfigureAwait(false);
        if (answer.Error?.Code == ObjectErrorCode.Cancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return answer;
    }

    /// <inheritdoc/>
    public override bool Answer(ObjectReply reply)
    {
        _reply.TrySetResult(reply);
        return true;
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception) => _reply.TrySetException(exception);
}
