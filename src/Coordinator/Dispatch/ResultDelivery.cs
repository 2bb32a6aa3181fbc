using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Nodes;
using Cluster.Coordinator.Scheduling;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Coordinator.Dispatch;

/// <summary>
/// Passes answers of nodes to clients, each item's once: the scheduler says which answers count. What counts as a whole goes on as it came; only a
/// batch that counts in part is sliced. Runs in the scheduler's loop only.
/// </summary>
internal sealed class ResultDelivery(Scheduler scheduler, CommandRunner runner, CoordinatorMetrics metrics)
{
    private readonly List<ItemRange> _accepted = [];

    /// <summary>Passes on the answers of one message, which the session has checked.</summary>
    public void Deliver(NodeSession node, HeldChunk chunk, in ChunkAnswer answer)
    {
        var results = answer.Results;
        var count = results.Batches.Sum(static batch => (long)batch.Count) + (answer.Large?.Count ?? 0);
        var busyPerItem = count == 0 ? TimeSpan.Zero : answer.Busy / count;
        results.Node = node.Name;
        results.Attempt = chunk.Attempt;
        DeliverWhole(chunk, results, busyPerItem);
        foreach (var item in answer.Large ?? [])
        {
            DeliverLarge(chunk, results, item, busyPerItem);
        }
    }

    private void DeliverWhole(HeldChunk chunk, Results results, TimeSpan busyPerItem)
    {
        List<Batch>? rest = null;
        for (var i = 0; i < results.Batches.Count; i++)
        {
            var batch = results.Batches[i];
            var items = new ItemRange(batch.First, batch.Count);
            if (Accept(chunk, items, batch.Payload.Length, busyPerItem * batch.Count))
            {
                rest?.Add(batch);
                continue;
            }

            rest ??= [.. results.Batches.Take(i)];
            if (_accepted.Count > 0)
            {
                var slicer = new BatchSlicer(batch);
                rest.AddRange(_accepted.Select(part => slicer.Slice(part.First, (int)part.Count)));
            }
        }

        if (rest is not null)
        {
            results.Batches.Clear();
            results.Batches.Add(rest);
        }

        AcceptFailures(chunk, results);
        if (results.Batches.Count > 0 || results.Failures.Count > 0)
        {
            runner.Send(chunk.Job, new RunReply { Results = results });
        }
    }

    private void AcceptFailures(HeldChunk chunk, Results results)
    {
        for (var i = 0; i < results.Failures.Count;)
        {
            var failure = results.Failures[i];
            if (!scheduler.ItemFailed(chunk.Id, failure.Index))
            {
                results.Failures.RemoveAt(i);
                continue;
            }

            failure.Error.Node = results.Node;

            // Attempts that its worker has made by itself count too.
            failure.Error.Attempt = Math.Max(failure.Error.Attempt, chunk.Attempt);
            chunk.Job.Failed++;
            metrics.ItemsFailed.Add(1);
            chunk.Job.Inputs.Release(new ItemRange(failure.Index, 1));
            i++;
        }
    }

    private void DeliverLarge(HeldChunk chunk, Results origin, LargeItem item, TimeSpan busy)
    {
        chunk.Job.Outbox.Release(item.Charge);
        if (!Accept(chunk, new ItemRange(item.Index, 1), (long)item.Total, busy))
        {
            return;
        }

        foreach (var fragment in item.Fragments)
        {
            var part = new Results { Node = origin.Node, WorkerPid = origin.WorkerPid, Attempt = origin.Attempt, Batches = { fragment } };
            if (fragment.FragmentOffset == 0)
            {
                part.Busy = busy.ToDuration();
            }

            runner.Send(chunk.Job, new RunReply { Results = part });
        }
    }

    /// <returns>True: all of the items count. Otherwise <see cref="_accepted"/> has those that do.</returns>
    private bool Accept(HeldChunk chunk, ItemRange items, long bytes, TimeSpan busy)
    {
        scheduler.ItemsSucceeded(chunk.Id, items, bytes, busy, _accepted);
        foreach (var part in _accepted)
        {
            chunk.Job.Completed += part.Count;
            metrics.ItemsAnswered.Add((long)part.Count);
            chunk.Job.Inputs.Release(part);
        }

        if (_accepted.Count > 0)
        {
            metrics.ResultBytes.Add(bytes);
        }

        return _accepted.Count == 1 && _accepted[0] == items;
    }
}
