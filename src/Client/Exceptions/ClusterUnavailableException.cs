namespace Cluster.Client;

/// <summary>
/// There is no cluster to talk to: nothing listens at the address, what listens is not a coordinator, it speaks another version of
/// the protocol, the connection broke, or no node that may run the work was attached in time.
/// </summary>
public sealed class ClusterUnavailableException : ClusterException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was found and what to do about it.</param>
    /// <param name="isTransient">Whether the same call may succeed later without a change.</param>
    /// <param name="innerException">What the transport reported, where it did.</param>
    public ClusterUnavailableException(string message, bool isTransient, Exception? innerException = null)
        : base(message, isTransient, innerException)
    {
    }
}
