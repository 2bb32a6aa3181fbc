namespace Cluster.Node.Workers.Assignment;

/// <summary>How short of memory the node is, and so how much it takes on.</summary>
internal enum MemoryPressure
{
    /// <summary>There is enough.</summary>
    None,

    /// <summary>Busy workers are handed nothing ahead.</summary>
    NothingAhead,

    /// <summary>Chunks are held until there is memory again; only where nothing runs at all one is handed out, so that there is an end to it.</summary>
    Hold,
}
