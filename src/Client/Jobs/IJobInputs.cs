namespace Cluster.Client.Jobs;

/// <summary>Where a job's items come from, encoded. Used by one writer at a time.</summary>
internal interface IJobInputs
{
    /// <summary>No more items will come, and all have been taken.</summary>
    bool IsEnded { get; }

    /// <summary>Items taken so far; all of them once <see cref="IsEnded"/>.</summary>
    long Count { get; }

    /// <summary>Takes the next items if there are any that <paramref name="flow"/> lets go now.</summary>
    /// <exception cref="Exception">An item cannot be encoded, or the source threw.</exception>
    bool TryTake(JobFlow flow, out InputBatch batch);
}
