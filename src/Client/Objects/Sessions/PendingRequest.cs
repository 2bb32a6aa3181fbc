using Cluster.Protocol.V1;

namespace Cluster.Client.Objects.Sessions;

/// <summary>A request whose last reply has not come.</summary>
internal abstract class PendingRequest(ObjectRequest request)
{
    /// <summary>What is sent; its number is set when it is its turn.</summary>
    public ObjectRequest Request => request;

    /// <summary>It can be sent. Until then it holds up those behind it, which may rely on it.</summary>
    public bool IsReady { get; set; } = true;

    /// <summary>It is answered on and on until it is cancelled, and ends with the connection. After a break it begins anew, under another number.</summary>
    public virtual bool IsWatch => false;

    /// <summary>It is a watch, and the coordinator has it.</summary>
    public virtual bool IsStanding => false;

    /// <summary>Somebody still wants its answers.</summary>
    public virtual bool IsWanted => true;

    /// <summary>The history that the revision of its latest reply belongs to.</summary>
    public string Incarnation { get; set; } = "";

    /// <summary>When it was made, by the clock of metrics; 0: nobody wants to know.</summary>
    public long MadeAt { get; set; }

    /// <summary>Its size.</summary>
    public int Bytes { get; } = request.CalculateSize();

    /// <summary>The object that it is about is open.</summary>
    public virtual void Aim(ulong id) => request.Object = id;

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
