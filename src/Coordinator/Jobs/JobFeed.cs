using System.Globalization;
using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Jobs;

/// <summary>Brings a job its inputs, in their order. One caller at a time. Each step says null, or in which way it breaks the protocol.</summary>
/// <param name="job">The job.</param>
/// <param name="loop">Told of them.</param>
/// <param name="metrics">Counts them.</param>
/// <param name="isLocal">There is no client for whom items are in flight as long as their answers are: only what has no answer counts.</param>
internal sealed class JobFeed(JobSession job, SchedulerLoop loop, CoordinatorMetrics metrics, bool isLocal = false)
{
    /// <summary>Whether the inputs have ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Adds the next items, or the next part of a large one.</summary>
    public string? Add(Batch batch)
    {
        if (HasEnded)
        {
            return string.Create(CultureInfo.InvariantCulture, $"A batch at item {batch.First} came after `end_inputs`.");
        }

        var violation = job.Inputs.Append(batch, out var complete, isLocal ? 0 : job.Outbox.OwedItems);
        if (violation is null && complete > 0)
        {
            var bytes = batch.FragmentTotal == 0 ? batch.Payload.Length : (long)batch.FragmentTotal;
            metrics.InputBytes.Add(bytes);
            loop.InputsAdded(job, new ItemRange(batch.First, complete), bytes);
        }

        return violation;
    }

    /// <summary>Leaves out the next items: they have their answers already.</summary>
    public string? Skip(ItemRange items)
    {
        if (HasEnded)
        {
            return string.Create(CultureInfo.InvariantCulture, $"`skip_items` at item {items.First} came after `end_inputs`.");
        }

        var violation = job.Inputs.Skip(items);
        if (violation is null)
        {
            loop.InputsSkipped(job, items);
        }

        return violation;
    }

    /// <summary>No more items come.</summary>
    /// <param name="count">How many there should have been; null where nobody says.</param>
    public string? End(ulong? count)
    {
        if (HasEnded)
        {
            return "`end_inputs` came twice.";
        }

        var violation = job.Inputs.End(count);
        if (violation is null)
        {
            HasEnded = true;
            loop.InputsEnded(job);
        }

        return violation;
    }
}
