using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Detached;

/// <summary>Reads the answers of a job from its file, in the order of the items, while they may still come. Not thread-safe.</summary>
internal sealed class ResultReader
{
    private readonly DetachedJob _job;
    private readonly ResultLog _log;
    private AnswerTable? _table;
    private long _offset = -1;
    private Dictionary<ulong, ItemResult> _record = [];

    public ResultReader(DetachedJob job, ResultLog log) => (_job, _log) = (job, log);

    /// <summary>Whether the next item has an answer too.</summary>
    public bool HasMore(int index) => _table?.Find(index) is not null;

    /// <summary>The answer of an item.</summary>
    /// <param name="index">The item.</param>
    /// <param name="wait">Wait for it while the job runs.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null: there is none yet. Where the job has ended without one, that is the answer.</returns>
    public async Task<ItemResult?> ReadAsync(int index, bool wait, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = _job.Changed;
            var end = _job.End;

            // Of a job that has ended nothing is kept in memory; one that waits its turn has nothing yet.
            _table ??= _job.Answers ?? (end is null ? null : Index());
            if (_table?.Find(index) is { } offset)
            {
                return Read((ulong)index, offset);
            }

            if (end is not null)
            {
                return new ItemResult { Index = (ulong)index, Error = end.Error ?? new ErrorInfo { Kind = ErrorKind.Internal, Message = "The job has ended without an answer of this item." } };
            }

            if (!wait)
            {
                return null;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private ItemResult Read(ulong index, long offset)
    {
        // Answers that came together are in one record.
        if (offset != _offset)
        {
            _record = _log.Read(offset).Results.Results.ToDictionary(static result => result.Index);
            _offset = offset;
        }

        return _record[index];
    }

    private AnswerTable Index()
    {
        var table = new AnswerTable(_job.Items);
        _log.ReadAll((entry, offset) =>
        {
            foreach (var result in entry.Results?.Results ?? [])
            {
                table.Set(result.Index, offset);
            }
        });
        return table;
    }
}
