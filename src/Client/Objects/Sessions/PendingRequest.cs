using Cluster.Protocol.V1;

namespace Cluster.Client.Objects.Sessions;

/// <summary>A request whose last reply has not come.</summary>
internal abstract class PendingRequest(ObjectRequest request)
{
    /// <summary>What is sent; its number is set when it is its turn.</summary>
    public ObjectRequest Request => request;

    /// <summary>It can be sent. Until then it holds up those behind it, which may rely on it.</summary>
    public bool IsReady { get; set; } = true;

    /// <summary>Its size.</summary>
    public int Bytes { get; } = request.CalculateSize();

    /// <summary>Takes a reply; never throws, and does not wait.</summary>
    /// <returns>Whether it is the last.</returns>
    public abstract bool Answer(ObjectReply reply);

    /// <summary>No further reply will come.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>It is sent again after a break.</summary>
    public virtual void SentAgain()
    {
    }
}
