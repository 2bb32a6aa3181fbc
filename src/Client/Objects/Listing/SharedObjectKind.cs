namespace Cluster.Client;

/// <summary>What a shared object is.</summary>
public enum SharedObjectKind
{
    /// <summary>One that this version does not know.</summary>
    Unknown = 0,

    /// <summary><see cref="ClusterDictionary{TKey, TValue}"/>.</summary>
    Dictionary = 1,

    /// <summary><see cref="ClusterList{T}"/>.</summary>
    List = 2,

    /// <summary><see cref="ClusterQueue{T}"/>.</summary>
    Queue = 3,

    /// <summary><see cref="ClusterPipe{T}"/>.</summary>
    Pipe = 4,

    /// <summary><see cref="ClusterValue{T}"/>.</summary>
    Value = 5,

    /// <summary><see cref="ClusterArray{T}"/>.</summary>
    Array = 6,

    /// <summary>A dictionary whose keys are names.</summary>
    Namespace = 7,

    /// <summary><see cref="ClusterLock"/>.</summary>
    Lock = 8,

    /// <summary><see cref="ClusterRLock"/>.</summary>
    RLock = 9,

    /// <summary><see cref="ClusterSemaphore"/>.</summary>
    Semaphore = 10,

    /// <summary><see cref="ClusterEvent"/>.</summary>
    Event = 11,

    /// <summary><see cref="ClusterCondition"/>.</summary>
    Condition = 12,

    /// <summary><see cref="ClusterBarrier"/>.</summary>
    Barrier = 13,
}
