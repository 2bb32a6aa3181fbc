namespace Cluster.Node.Workers.Assignment;

/// <summary>Whether the chunks of a job can run.</summary>
internal enum JobPhase
{
    /// <summary>Its code is on the way.</summary>
    Preparing,

    /// <summary>Its code is here.</summary>
    Ready,

    /// <summary>Its code cannot be had: no chunk of it will run here.</summary>
    Failed,
}
