namespace Cluster.Client;

/// <summary>
/// The client was out of the coordinator's reach for longer than the lease of its session with the shared objects: its locks were given to others, its leased
/// queue items went back, and its anonymous objects are gone if nobody else had them. What was under way may have been done.
/// </summary>
public sealed class ObjectSessionLostException : ClusterException
{
    internal ObjectSessionLostException(string address, Exception? cause)
        : base($"The session with the shared objects at {address} was over when the connection came back: its lease had run out, and what it held was given up. Open the objects again; what was under way may have been done.", isTransient: true, cause)
    {
    }
}
