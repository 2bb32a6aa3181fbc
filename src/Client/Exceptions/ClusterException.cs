namespace Cluster.Client;

/// <summary>
/// Base of the exceptions that the SDK throws. The message says what failed, where, why, and what to do next.
/// </summary>
public class ClusterException : Exception
{
    /// <summary>Creates an exception for a failure that will repeat itself.</summary>
    /// <param name="message">What failed, where, why, and what to do next.</param>
    public ClusterException(string message)
        : this(message, isTransient: false)
    {
    }

    /// <summary>Creates an exception.</summary>
    /// <param name="message">What failed, where, why, and what to do next.</param>
    /// <param name="isTransient">Whether the same call may succeed later without a change.</param>
    /// <param name="innerException">What caused the failure, where known.</param>
    public ClusterException(string message, bool isTransient, Exception? innerException = null)
        : base(message, innerException)
    {
        IsTransient = isTransient;
    }

    /// <summary>True where the same call may succeed later without a change: what a retry policy should ask.</summary>
    public bool IsTransient { get; }
}
