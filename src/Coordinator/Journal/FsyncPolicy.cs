namespace Cluster.Coordinator.Journal;

/// <summary>When what was written is forced to the disk.</summary>
internal enum FsyncPolicy
{
    /// <summary>Before it is acknowledged: not even a power failure loses an acknowledged write.</summary>
    Always,

    /// <summary>Every second: the end of the process loses nothing, that of the machine up to a second.</summary>
    EverySecond,

    /// <summary>When the kernel likes to: the end of the process loses nothing.</summary>
    Never,
}
