using Cluster.Coordinator.AdHoc;
using Cluster.Coordinator.Jobs;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Detached.Programs;

/// <summary>Brings a job its items from their file, no more at once than it needs. Items that have their answer are left out.</summary>
/// <param name="job">The job.</param>
/// <param name="feed">Where the items go.</param>
/// <param name="answered">Which have their answer.</param>
internal sealed class ItemFeed(JobSession job, JobFeed feed, AnswerTable answered)
{
    // Read from the disk again and again by many jobs at once: enough for busy nodes, and no more.
    private const long MaxBytes = 8L << 20;
    private const ulong MaxItems = 1 << 20;

    private ulong _skipFrom;
    private ulong _next;

    /// <summary>Brings all of them; ends early where the job does.</summary>
    /// <param name="items">The file.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">They cannot be read.</exception>
    public async Task RunAsync(ResultLog items, CancellationToken cancellationToken)
    {
        foreach (var batch in items.Walk(0).Select(static entry => entry.Inputs).SelectMany(Unanswered))
        {
            while (job.Inputs.WaitForRoom(InFlightCharge.Of(batch), MaxBytes, MaxItems) is { } room)
            {
                await room.WaitAsync(cancellationToken);
            }

            if (cancellationToken.IsCancellationRequested || job.HasEnded)
            {
                return;
            }

            Skip(batch.First);
            AdHocCalls.Accept(feed.Add(batch));
            _skipFrom = batch.First + batch.Count;
        }

        Skip(_next);
        AdHocCalls.Accept(feed.End(_next));
    }

    private void Skip(ulong end)
    {
        if (end > _skipFrom)
        {
            AdHocCalls.Accept(feed.Skip(ItemRange.Between(_skipFrom, end)));
            _skipFrom = end;
        }
    }

    private IEnumerable<Batch> Unanswered(Batch batch)
    {
        _next = batch.First + batch.Count;
        var slicer = new BatchSlicer(batch, long.MaxValue);
        for (var first = batch.First; first < _next;)
        {
            var end = first;
            while (end < _next && answered.Find((int)end) is null)
            {
                end++;
            }

            if (end > first)
            {
                yield return slicer.Slice(first, (int)(end - first));
            }

            first = end + 1;
        }
    }
}
