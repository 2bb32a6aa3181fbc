namespace Cluster.Node.Workers.Assignment;

/// <summary>A job as the pool's decisions see it.</summary>
internal class JobState
{
    public JobPhase Phase { get; internal set; } = JobPhase.Preparing;

    /// <summary>The coordinator has closed the job; workers forget it when its last chunk has ended.</summary>
    public bool IsClosed { get; internal set; }

    /// <summary>It is closed, and its last chunk has ended.</summary>
    internal virtual void Over()
    {
    }

    /// <summary>Chunks that have not ended, in the order of their arrival.</summary>
    internal LinkedList<ChunkState> Chunks { get; } = [];
}
