using Cluster.Protocol.V1;

namespace Cluster.Client.Objects.Sessions;

/// <summary>A request whose answer takes several replies, which make sense together.</summary>
/// <param name="request">The request.</param>
/// <param name="hasMore">Whether further replies follow one.</param>
internal sealed class PagedRequest(ObjectRequest request, Func<ObjectReply, bool> hasMore) : PendingRequest(request)
{
    private readonly TaskCompletionSource<IReadOnlyList<ObjectReply>> _replies = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<ObjectReply> _pages = [];

    /// <summary>All replies; the last may be an error.</summary>
    public Task<IReadOnlyList<ObjectReply>> Replies => _replies.Task;

    /// <inheritdoc/>
    public override bool Answer(ObjectReply reply)
    {
        _pages.Add(reply);
        if (reply.ResultCase != ObjectReply.ResultOneofCase.Error && hasMore(reply))
        {
            return false;
        }

        _replies.TrySetResult(_pages);
        return true;
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception) => _replies.TrySetException(exception);

    /// <inheritdoc/>
    public override void SentAgain() => _pages = [];
}
