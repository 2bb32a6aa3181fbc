namespace Cluster.Coordinator.Scheduling;

/// <summary>The coordinator's number for a job, never used twice.</summary>
/// <param name="Value">The number.</param>
internal readonly record struct JobId(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"job {Value}";
}
