using Cluster.Client.Objects.Exceptions;
using Cluster.Client.Objects.Sessions;
using Cluster.Protocol.V1;

namespace Cluster.Client.Objects.Watching;

/// <summary>A watch at the coordinator, for a feed. Outlives connections, and ends with its session.</summary>
internal sealed class WatchRequest(ChangeFeed feed) : PendingRequest(new ObjectRequest { DictWatch = new DictWatch() })
{
    private bool _isAnswered;

    /// <inheritdoc/>
    public override bool IsWatch => true;

    /// <inheritdoc/>
    public override bool IsStanding => _isAnswered;

    /// <inheritdoc/>
    public override bool IsWanted => feed.IsFedBy(this);

    /// <inheritdoc/>
    public override void Aim(ulong id)
    {
        base.Aim(id);
        Request.DictWatch = feed.Begin(this);
    }

    /// <inheritdoc/>
    public override bool Answer(ObjectReply reply)
    {
        if (reply.Error is { } error)
        {
            feed.End(this, ObjectErrors.Of(error));
            return true;
        }

        _isAnswered = true;
        feed.Receive(this, reply);
        return false;
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception) => feed.End(this, exception);

    /// <inheritdoc/>
    public override void SentAgain()
    {
        _isAnswered = false;
        Request.DictWatch = feed.Begin(this);
    }
}
