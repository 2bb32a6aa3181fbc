using Cluster.Protocol.V1;

namespace Cluster.Client.Jobs;

/// <summary>Batches that wait until the window lets them go. Touched by the writer alone.</summary>
internal sealed class ReadyBatches
{
    private Queue<InputBatch> _batches = new();

    public int Count => _batches.Count;

    public void Add(IEnumerable<Batch> messages, JobFlow flow)
    {
        foreach (var batch in InputBatch.Gather(messages, flow.MaxBytes, flow.MaxItems))
        {
            _batches.Enqueue(batch);
        }
    }

    /// <summary>Takes the next batch if <paramref name="flow"/> lets it go now.</summary>
    public bool TryTake(JobFlow flow, out InputBatch batch)
    {
        if (_batches.TryPeek(out batch) && !batch.Fits(flow.MaxBytes, flow.MaxItems))
        {
            // They were made for a coordinator that took more at once than the one that has followed it.
            _batches = new Queue<InputBatch>(_batches.SelectMany(ready => InputBatch.Gather(ready.Messages, flow.MaxBytes, flow.MaxItems)));
            batch = _batches.Peek();
        }

        return _batches.Count > 0 && flow.TrySend(batch) && _batches.TryDequeue(out _);
    }
}
