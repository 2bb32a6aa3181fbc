namespace Cluster.TestKit.Linearizability;

/// <summary>What a call that failed means for its history.</summary>
public enum FailedCall
{
    /// <summary>It had no effect and says nothing of the state: it is left out.</summary>
    HadNoEffect,

    /// <summary>Nobody knows whether it had its effect, or will have it.</summary>
    Unknown,
}
