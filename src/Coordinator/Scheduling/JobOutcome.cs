namespace Cluster.Coordinator.Scheduling;

/// <summary>Why a job ended.</summary>
internal enum JobOutcome
{
    /// <summary>All inputs came and every item was answered.</summary>
    Completed,

    /// <summary>The client withdrew it.</summary>
    Cancelled,

    /// <summary>An item failed and the job stops on errors.</summary>
    StoppedByFailure,

    /// <summary>No node that may run it was attached for the job's <see cref="JobTerms.NoNodesTimeout"/>.</summary>
    NoNodes,

    /// <summary>A node could not load the function and no other can either, or no attached node that may run the job could get hold of its code.</summary>
    CodeFailed,
}
