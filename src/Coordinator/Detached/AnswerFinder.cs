using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Detached;

/// <summary>Finds the answers of a job in its file, while they may still come. Not thread-safe.</summary>
/// <param name="job">The job.</param>
/// <param name="log">Its file.</param>
internal sealed class AnswerFinder(DetachedJob job, ResultLog log)
{
    private AnswerTable? _table;

    /// <summary>Where an answer is that is there already; null: there is none yet.</summary>
    public long? Find(ulong index) => index < (ulong)job.Items ? _table?.Find((int)index) : null;

    /// <summary>Finds an answer.</summary>
    /// <param name="index">The item.</param>
    /// <param name="wait">Wait for it while the job runs.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Where it is; or why there will never be one; or neither, where there is none yet.</returns>
    public async Task<(long? Offset, ErrorInfo? Never)> FindAsync(ulong index, bool wait, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = job.Changed;
            var end = job.End;

            // Of a job that has ended nothing is kept in memory; one that waits its turn has nothing yet.
            _table ??= job.Answers ?? (end is null ? null : Index());
            if (Find(index) is { } offset)
            {
                return (offset, null);
            }

            if (end is not null)
            {
                return (null, end.Error ?? new ErrorInfo { Kind = ErrorKind.Internal, Message = "The job has ended without an answer of this item." });
            }

            if (!wait)
            {
                return (null, null);
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private AnswerTable Index()
    {
        var table = new AnswerTable(job.Items);
        var scan = new AnswerScan();
        log.ReadAll((entry, offset) =>
        {
            foreach (var answer in scan.Take(entry, offset))
            {
                table.Set(answer.Items, answer.Offset);
            }
        });
        return table;
    }
}
