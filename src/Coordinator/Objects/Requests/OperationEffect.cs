namespace Cluster.Coordinator.Objects.Requests;

/// <summary>What an operation does to the state.</summary>
internal enum OperationEffect
{
    /// <summary>Nothing: it need not be written down, its reply is not kept, and when it is sent again it is executed again. It may wait.</summary>
    Read,

    /// <summary>It changes something, if only the order of those who wait.</summary>
    Change,
}
