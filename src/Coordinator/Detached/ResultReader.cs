using Cluster.Coordinator.Detached.Programs;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Detached;

/// <summary>Reads the answers of a job from its file as people want them, in the order of the items, while they may still come. Not thread-safe.</summary>
internal sealed class ResultReader(DetachedJob job, ResultLog log)
{
    private readonly AnswerFinder _finder = new(job, log);
    private readonly BatchValues _values = new(job.ResultType);
    private long _offset = -1;
    private Dictionary<ulong, ItemResult> _record = [];

    /// <summary>Whether the next item has an answer too.</summary>
    public bool HasMore(int index) => _finder.Find((ulong)index) is not null;

    /// <summary>The answer of an item.</summary>
    /// <param name="index">The item.</param>
    /// <param name="wait">Wait for it while the job runs.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null: there is none yet. Where the job has ended without one, that is the answer.</returns>
    public async Task<ItemResult?> ReadAsync(int index, bool wait, CancellationToken cancellationToken) =>
        await _finder.FindAsync((ulong)index, wait, cancellationToken) switch
        {
            ({ } offset, _) => Read((ulong)index, offset),
            (null, { } never) => new ItemResult { Index = (ulong)index, Error = never },
            _ => null,
        };

    private ItemResult Read(ulong index, long offset)
    {
        // Answers that came together are in one record.
        if (offset != _offset)
        {
            var entry = log.Read(offset);
            _record = (entry.Results?.Results ?? _values.Read(entry.Batches)).ToDictionary(static result => result.Index);
            _offset = offset;
        }

        return _record.TryGetValue(index, out var result) ? result : _values.ReadLarge(index, log.Walk(offset));
    }
}
