namespace Cluster.Coordinator.Nodes;

/// <summary>That a node is to leave.</summary>
/// <param name="Reason">Why, for people; empty: nobody said.</param>
/// <param name="Since">When what runs there began to have its grace, as a timestamp.</param>
/// <param name="Grace">How long that may go on; null: nobody said.</param>
internal sealed record NodeDrain(string Reason, long Since, TimeSpan? Grace)
{
    /// <summary>How much of the grace is left.</summary>
    public TimeSpan? Left(TimeProvider time)
    {
        var left = Grace - time.GetElapsedTime(Since);
        return left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }
}
