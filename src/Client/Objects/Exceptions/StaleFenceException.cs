namespace Cluster.Client;

/// <summary>A change was refused because the lock that it names is not held under its token any more: its owner was too slow, and another has it.</summary>
public sealed class StaleFenceException : ClusterObjectException
{
    internal StaleFenceException(string message, long currentToken)
        : base(message) => CurrentToken = currentToken;

    /// <summary>The token that the lock is held under now; 0: it is free.</summary>
    public long CurrentToken { get; }
}
